// Results while typing: companies and deals by name, then places in the report from the index that Sphinx makes. Its own
// display waits between results and mixes up two searches.
/* global Search */
(function () {
  "use strict";
  const MOST = 30, MOST_NAMES = 6, APART = /[^\p{L}\p{N}]+/u;
  const box = document.getElementById("find"), list = document.getElementById("found"), summary = document.getElementById("found-count");
  let asked = 0;

  // Companies and deals of whose name a word begins with each word that is looked for; companies come first.
  function named(query) {
    const wanted = query.toLowerCase().split(APART).filter(Boolean);
    return !wanted.length ? [] : window.roundtripNames.all.filter(function (entry) {
      const words = entry[1].toLowerCase().split(APART);
      return wanted.every(function (w) { return words.some(function (word) { return word.startsWith(w); }); });
    });
  }

  function nameLine(entry) {
    const line = document.createElement("li"), link = document.createElement("a"), words = document.createElement("p");
    link.href = window.roundtrip.root + entry[0];
    link.textContent = entry[1];
    words.className = "context";
    words.textContent = entry[2];
    line.append(link, words);
    return line;
  }

  function count(number, one, many) { return number + " " + (number === 1 ? one : many); }

  function show(query) {
    const mine = ++asked;
    window.roundtrip.load(window.roundtrip.root + "_data/names.js").then(function () {
      if (mine === asked) answer(query, mine, named(query));
    });
  }

  function answer(query, mine, names) {
    const terms = Search._parseQuery(query);
    const results = Search._performSearch(...terms).reverse();
    const told = [names.length ? count(names.length, "company or deal", "companies and deals") : "", results.length ? count(results.length, "place", "places") + " in the report" : ""];
    summary.textContent = told.filter(Boolean).join(", ") || "Nothing found. Try a company, a word of a title, or the glossary.";
    list.replaceChildren(...names.slice(0, MOST_NAMES).map(nameLine), ...results.slice(0, MOST).map(function (result) {
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
