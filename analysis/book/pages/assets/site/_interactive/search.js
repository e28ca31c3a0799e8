// Results while typing, from the index that Sphinx makes. Its own display waits between results and mixes up two searches.
/* global Search */
(function () {
  "use strict";
  const MOST = 30;
  const box = document.getElementById("find"), list = document.getElementById("found"), summary = document.getElementById("found-count");
  let asked = 0;

  function show(query) {
    const mine = ++asked, terms = Search._parseQuery(query);
    const results = Search._performSearch(...terms).reverse();
    summary.textContent = results.length ? results.length + " place" + (results.length === 1 ? "" : "s") + " in the report" : "Nothing found. Try a company, a word of a title, or the glossary.";
    list.replaceChildren(...results.slice(0, MOST).map(function (result) {
      const item = document.createElement("li"), link = document.createElement("a");
      link.href = result[0] + ".html" + result[2];
      link.textContent = result[1];
      item.append(link);
      if (location.protocol !== "file:") {
        fetch(result[0] + ".html").then(function (r) { return r.text(); }).then(function (text) {
          if (mine !== asked) return;
          const excerpt = Search.makeSearchSummary(text, terms[1], result[2]);
          if (excerpt) item.append(excerpt);
        });
      }
      return item;
    }));
  }

  Search.query = show;
  Search.performSearch = function (query) {
    if (Search.hasIndex()) show(query);
    else Search.deferQuery(query);
  };
  let timer;
  box.addEventListener("input", function () {
    clearTimeout(timer);
    timer = setTimeout(function () {
      const query = box.value.trim();
      if (query.length > 1) Search.performSearch(query);
      else { asked++; list.replaceChildren(); summary.textContent = ""; }
    }, 120);
  });
  document.getElementById("find-form").addEventListener("submit", function (e) { e.preventDefault(); });
  if (!new URLSearchParams(location.search).get("q")) box.focus();
})();
