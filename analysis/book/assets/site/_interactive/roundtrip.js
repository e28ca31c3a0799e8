// What the page can do beyond being read: charts that answer to touch, tables that can be searched, links into folded parts.
// Everything is read from this site; nothing here is needed to see a number or a chart.
(function () {
  "use strict";
  const root = document.currentScript.dataset.root || "./";
  const loading = {};

  function load(src) {
    return (loading[src] ||= new Promise(function (done, fail) {
      const script = document.createElement("script");
      script.src = src;
      script.onload = done;
      script.onerror = function () { delete loading[src]; fail(new Error("cannot load " + src)); };
      document.head.append(script);
    }));
  }

  // A chart becomes interactive when pointed at or touched; the drawing stays until that has worked.
  const specs = (window.roundtripSpecs = window.roundtripSpecs || {});
  function enliven(chart) {
    if (chart.dataset.state) return;
    chart.dataset.state = "loading";
    const name = chart.dataset.figure;
    Promise.all([load(root + "_interactive/vega.js"), load(chart.dataset.files + "/" + name + ".js")])
      .then(function () {
        const spec = structuredClone(specs[name]);
        const style = getComputedStyle(chart);
        spec.width = chart.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
        if (spec.width < 480) spec.config.axis.labelLimit = 118;
        const live = document.createElement("div");
        live.className = "rt-live";
        live.style.visibility = "hidden";
        live.style.position = "absolute";
        chart.append(live);
        return window.roundtripVega.embed(live, spec, { ast: true, renderer: "svg", actions: false, tooltip: { theme: "custom" } }).then(function () {
          chart.replaceChildren(live);
          live.removeAttribute("style");
          chart.dataset.state = "live";
        });
      })
      .catch(function (error) {
        chart.dataset.state = "static";
        console.warn(error.message);
      });
  }
  document.querySelectorAll(".rt-chart").forEach(function (chart) {
    for (const event of ["pointerenter", "touchstart", "focusin"]) chart.addEventListener(event, function () { enliven(chart); }, { once: true, passive: true });
  });

  // A link to a number opens the list it stands in.
  function reveal() {
    const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    for (let up = target.parentElement; up; up = up.parentElement) if (up.tagName === "DETAILS") up.open = true;
    target.scrollIntoView({ block: "center" });
  }
  addEventListener("hashchange", reveal);
  addEventListener("DOMContentLoaded", reveal);

  // Search in the ledger's tables.
  document.addEventListener("DOMContentLoaded", function () {
    document.querySelectorAll(".rt-search input").forEach(function (input) {
      const table = document.getElementById(input.getAttribute("aria-controls"));
      const rows = Array.from(table.tBodies[0].rows, function (row) { return [row, row.textContent.toLowerCase()]; });
      const out = input.parentElement.querySelector("output");
      function filter() {
        const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
        let shown = 0;
        for (const [row, text] of rows) {
          const keep = words.every(function (w) { return text.includes(w); });
          row.hidden = !keep;
          shown += keep;
        }
        out.textContent = shown + " of " + rows.length + " rows";
      }
      input.addEventListener("input", filter);
      filter();
    });
  });
})();
