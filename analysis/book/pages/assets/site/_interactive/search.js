// Results while typing: companies and deals by name, then sections of the report, titles before prose before sources.
(function () {
  "use strict";
  const MOST = 30, MOST_NAMES = 6, AROUND = 90, APART = /[^\p{L}\p{N}]+/u;
  const box = document.getElementById("find"), list = document.getElementById("found"), summary = document.getElementById("found-count");
  let asked = 0;

  function load() {
    const data = window.roundtrip.root + "_data/";
    return Promise.all([window.roundtrip.load(data + "names.js"), window.roundtrip.load(data + "sections.js")]);
  }

  // A place in a text at which a word begins with each of the words that are looked for.
  function beginnings(wanted) {
    return wanted.map(function (word) { return new RegExp("(?<![\\p{L}\\p{N}])" + word, "giu"); });
  }

  // Companies and deals of whose name a word begins with each word that is looked for; companies come first.
  function named(patterns) {
    return window.roundtripNames.all.filter(function (entry) {
      return patterns.every(function (p) { return entry[1].search(p) >= 0; });
    });
  }

  // Sections in which all words begin somewhere, the best first: in the title, in the title of the page, often in the text.
  function places(patterns) {
    return window.roundtripSections.all.map(function (s, order) {
      const score = patterns.reduce(function (sum, p) {
        const told = (s.title.search(p) >= 0 ? 20 : 0) + (s.name.search(p) >= 0 ? 8 : 0) + Math.min(6, (s.text.match(p) || []).length);
        return told ? sum + told : -Infinity;
      }, s.isProse ? 1000 : 0);
      return { section: s, score: score, order: order };
    }).filter(function (f) { return f.score > 0; }).sort(function (a, b) { return b.score - a.score || a.order - b.order; });
  }

  function line(address, title, words) {
    const item = document.createElement("li"), link = document.createElement("a"), context = document.createElement("p");
    link.href = window.roundtrip.root + address;
    link.textContent = title;
    context.className = "context";
    context.append(...words);
    item.append(link, context);
    return item;
  }

  // The words around the first place in a text, with what was looked for marked.
  function excerpt(text, patterns) {
    const first = Math.max(0, Math.min(...patterns.map(function (p) { return text.search(p); }).filter(function (at) { return at >= 0; }), text.length) - AROUND);
    const from = first && text.indexOf(" ", first) + 1, part = text.slice(from, from + 3 * AROUND);
    const whole = part.length + from < text.length ? part.slice(0, part.lastIndexOf(" ")) + " …" : part;
    const found = [from ? "… " : ""];
    let last = 0;
    for (const match of whole.matchAll(new RegExp(patterns.map(function (p) { return p.source + "[\\p{L}\\p{N}]*"; }).join("|"), "giu"))) {
      const mark = document.createElement("mark");
      mark.textContent = match[0];
      found.push(whole.slice(last, match.index), mark);
      last = match.index + match[0].length;
    }
    return [...found, whole.slice(last)];
  }

  function count(number, one, many) { return number + " " + (number === 1 ? one : many); }

  function show(query) {
    const mine = ++asked, wanted = query.toLowerCase().split(APART).filter(Boolean);
    if (!wanted.length) {
      list.replaceChildren();
      summary.textContent = "";
      return;
    }
    load().then(function () {
      if (mine !== asked) return;
      const patterns = beginnings(wanted), names = named(patterns), found = places(patterns);
      const told = [names.length ? count(names.length, "company or deal", "companies and deals") : "", found.length ? count(found.length, "place", "places") + " in the report" : ""];
      summary.textContent = told.filter(Boolean).join(", ") || "Nothing found. Try a company, a word of a title, or the glossary.";
      list.replaceChildren(...names.slice(0, MOST_NAMES).map(function (n) { return line(n[0], n[1], [n[2]]); }), ...found.slice(0, MOST).map(function (f) {
        const s = f.section;
        return line(s.page + ".html" + (s.id ? "#" + s.id : ""), s.title === s.name ? s.name : s.name + " › " + s.title, excerpt(s.text, patterns));
      }));
    });
  }

  let timer;
  box.addEventListener("input", function () {
    clearTimeout(timer);
    timer = setTimeout(function () { show(box.value.trim().length > 1 ? box.value : ""); }, 120);
  });
  document.getElementById("find-form").addEventListener("submit", function (e) { e.preventDefault(); });
  const given = new URLSearchParams(location.search).get("q");
  if (given) {
    box.value = given;
    show(given);
  } else box.focus();
})();
