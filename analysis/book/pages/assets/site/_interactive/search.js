// Results while typing: a company of exactly that name, the best sections of the report, companies and deals by name, then
// the other sections, titles before prose before sources.
(function () {
  "use strict";
  const MOST = 30, MOST_NAMES = 6, FIRST = 5, AROUND = 90, APART = /[^\p{L}\p{N}]+/u;
  // Words of a question that say nothing of what is looked for.
  const EMPTY = new Set("a an and are at be by can did do does for from has have how if in is it its many much of on or over that the their they this to was what when where which who whom why will with would".split(" "));
  // What readers type for words that the report has otherwise.
  const ALSO = { rofr: "first call", gpu: "chip", gpus: "chip", accelerator: "chip", owe: "order", owes: "order", owed: "order", debt: "loan", capex: "capital spending", arr: "annualised", valuation: "worth", bailout: "guarantee", backstop: "guarantee", kickback: "circular", roundtripping: "circular", hyperscaler: "cloud", datacenter: "data centre", datacenters: "data centre", fraud: "circular", bubble: "telecom", bankruptcy: "does not pay", bankrupt: "does not pay", default: "does not pay", ipo: "listing" };
  const box = document.getElementById("find"), list = document.getElementById("found"), summary = document.getElementById("found-count");
  let asked = 0;

  function load() {
    const data = window.roundtrip.root + "_data/";
    return Promise.all([window.roundtrip.load(data + "names.js"), window.roundtrip.load(data + "sections.js")]);
  }

  // The words of a question: sums as the report writes them, no words that say nothing, unless there are no others.
  function words(query) {
    const sums = query.toLowerCase().replace(/([\d.,]+)\s*(?:billion|bn|b)\b/g, "$1bn").replace(/([\d.]+)\s*(?:trillion|tn)\b/g, function (_, n) { return Math.round(n * 1000).toLocaleString("en") + "bn"; });
    const all = sums.split(/[^\p{L}\p{N},.]+/u).flatMap(function (w) { return /^\d[\d,.]*(?:bn)?$/.test(w) ? [w] : w.split(APART); }).filter(Boolean);
    const telling = all.filter(function (w) { return !EMPTY.has(w); });
    return telling.length ? telling : all;
  }

  // A place in a text at which a word begins with what is looked for, or with the report's own word for it.
  function beginnings(wanted) {
    return wanted.map(function (word) {
      const stem = word.length > 4 ? word.replace(/(?<!s)s$/, "") : word, other = ALSO[word] || ALSO[stem];
      const safe = [stem, other].filter(Boolean).map(function (w) { return w.replace(/[.]/g, "\\."); });
      return new RegExp("(?<![\\p{L}\\p{N}])(?:" + safe.join("|") + ")", "giu");
    });
  }

  // Companies and deals of whose name, or of whose parties' full names, a word begins with each word that is looked for;
  // companies come first.
  function named(patterns) {
    return window.roundtripNames.all.filter(function (entry) {
      const words = entry[1] + (entry[0].startsWith("deals/") ? " " + entry[2] : "");
      return patterns.every(function (p) { return words.search(p) >= 0; });
    });
  }

  // Sections in which all words begin somewhere, or most of them where none has all, the best first: in the title, in
  // the title of the page, often in the text.
  function places(patterns) {
    const all = ranked(patterns, patterns.length);
    return all.some(function (f) { return f.section.isProse; }) || patterns.length < 2 ? all : [...ranked(patterns, Math.ceil(patterns.length / 2)).filter(function (f) { return f.section.isProse; }), ...all];
  }

  // What a word is worth: little where most sections have it, as they have the name of OpenAI.
  function ranked(patterns, least) {
    const sections = window.roundtripSections.all, within = function (s, p) { return (s.title.search(p) >= 0 ? 20 : 0) + (s.name.search(p) >= 0 ? 8 : 0) + Math.min(6, (s.text.match(p) || []).length); };
    const points = sections.map(function (s) { return patterns.map(function (p) { return within(s, p); }); });
    const worth = patterns.map(function (_, i) { return Math.log(1 + sections.length / (1 + points.filter(function (told) { return told[i]; }).length)); });
    return sections.map(function (s, order) {
      const number = points[order].filter(Boolean).length, sum = points[order].reduce(function (a, b, i) { return a + b * worth[i]; }, 0);
      const score = number < Math.max(1, least) ? -Infinity : sum + 100 * number + (s.isProse ? 1000 : 0);
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
    const mine = ++asked, wanted = words(query);
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
      const asTyped = query.trim().toLowerCase(), isIt = function (n) { return n[1].replace(/ \(.*| Group$/g, "").toLowerCase() === asTyped; };
      const place = function (f) {
        const s = f.section;
        return line(s.page + ".html" + (s.id ? "#" + s.id : ""), s.title === s.name ? s.name : s.name + " › " + s.title, excerpt(s.text, patterns));
      };
      const name = function (n) { return line(n[0], n[1], [n[2]]); }, exact = names.filter(isIt).slice(0, 1);
      const others = names.filter(function (n) { return !exact.includes(n); }).slice(0, MOST_NAMES), prose = found.filter(function (f) { return f.section.isProse; }).slice(0, FIRST);
      list.replaceChildren(...exact.map(name), ...prose.map(place), ...others.map(name), ...found.filter(function (f) { return !prose.includes(f); }).slice(0, MOST).map(place));
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
