// The funding model once more, for the reader's own choices. The formula is that of analysis/models/funding/simulation.py (`walk`);
// a browser test holds the two together to within a hundredth.
(function () {
  "use strict";

  function unpack(text, years, paths) {
    const bytes = Uint8Array.from(atob(text), function (c) { return c.charCodeAt(0); });
    const view = new DataView(bytes.buffer);
    return Array.from({ length: years }, function (_, t) {
      return Float64Array.from({ length: paths }, function (_, k) { return view.getInt16(2 * (t * paths + k), true) / 1000; });
    });
  }

  // The lower order statistic, as Python takes it.
  function quantile(values, q) {
    const sorted = Float64Array.from(values).sort();
    return sorted[Math.floor(q * (sorted.length - 1))];
  }

  function compute(data, normals, choice) {
    const c = data.choices, byCapacity = choice.by === "capacity" && data.gw;
    const keep = 1 - choice.other_share - c.share_rate;
    const n = data.paths, years = data.years.length;
    const level = new Float64Array(n), shock = new Float64Array(n), gap = new Float64Array(n), present = new Float64Array(n);
    const cash = new Float64Array(n).fill(data.base_cash);
    const out = { low: [], median: [], high: [] };
    let growth = 0, before = data.base_revenue;
    for (let t = 0; t < years; t++) {
      growth += Math.log(data.plan[t] / before);
      before = data.plan[t];
      const due = byCapacity ? data.gw[t] * choice.rent : data.obligations[t] * choice.take_up;
      const discount = Math.pow(1 + choice.rate, t + 1);
      for (let k = 0; k < n; k++) {
        shock[k] = c.sigma * normals[t][k] + c.persistence * shock[k];
        level[k] += shock[k];
        const revenue = data.base_revenue * Math.exp(choice.attainment * growth + level[k]);
        cash[k] += revenue * keep - Math.max(due, revenue * c.compute_floor) + data.firm[t] + c.conditional * data.conditional[t];
        const deeper = Math.max(gap[k], -cash[k]);
        present[k] += (deeper - gap[k]) / discount;
        gap[k] = deeper;
      }
      out.low.push(quantile(gap, 0.05));
      out.median.push(quantile(gap, 0.5));
      out.high.push(quantile(gap, 0.95));
    }
    let short = 0;
    for (const g of gap) short += g > 0;
    out.probability = short / n;
    out.present = quantile(present, 0.5);
    return out;
  }

  const round = function (x) { return Math.round(x).toLocaleString("en"); };

  function draw(place, years, found) {
    const W = Math.max(280, place.clientWidth), H = Math.round(Math.max(200, W * 0.44)), left = 56, right = 12, top = 12, bottom = 30;
    const peak = Math.max(50, Math.max.apply(null, found.high) * 1.05);
    const step = Math.pow(10, Math.floor(Math.log10(peak))) / (peak / Math.pow(10, Math.floor(Math.log10(peak))) < 3 ? 2 : 1);
    const x = function (t) { return left + (W - left - right) * (t + 0.5) / years.length; };
    const y = function (v) { return H - bottom - (H - top - bottom) * v / peak; };
    const NS = "http://www.w3.org/2000/svg";
    const svg = document.createElementNS(NS, "svg");
    svg.setAttribute("viewBox", "0 0 " + W + " " + H);
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", "Gap by year: " + years.map(function (v, t) { return v + ": " + round(found.median[t]) + ", from " + round(found.low[t]) + " to " + round(found.high[t]); }).join("; "));
    function add(name, attributes, text) {
      const node = document.createElementNS(NS, name);
      for (const key in attributes) node.setAttribute(key, attributes[key]);
      if (text !== undefined) node.textContent = text;
      svg.append(node);
    }
    for (let v = 0; v <= peak; v += step) {
      add("line", { x1: left, x2: W - right, y1: y(v), y2: y(v), stroke: "var(--rt-grid)" });
      add("text", { x: left - 6, y: y(v) + 4, "text-anchor": "end", "font-size": 12, fill: "var(--rt-ink)" }, round(v));
    }
    const points = function (values) { return values.map(function (v, t) { return x(t) + "," + y(v); }); };
    add("polygon", { points: points(found.high).concat(points(found.low).reverse()).join(" "), fill: "var(--rt-loss)", opacity: 0.25 });
    add("polyline", { points: points(found.median).join(" "), fill: "none", stroke: "var(--rt-loss)", "stroke-width": 2.5 });
    const every = Math.ceil(years.length * 44 / (W - left - right));
    years.forEach(function (year, t) { if (t % every === 0) add("text", { x: x(t), y: H - 8, "text-anchor": "middle", "font-size": 12, fill: "var(--rt-ink)" }, year); });
    place.replaceChildren(svg);
  }

  const form = document.getElementById("explore");
  if (!form) return;
  const data = JSON.parse(form.dataset.explore);
  const normals = unpack(data.normals, data.years.length, data.paths);
  const shares = { attainment: 1, other_share: 1, take_up: 1, rate: 1 };

  function chosen() {
    const choice = Object.assign({ by: "contract" }, data.start);
    form.querySelectorAll("input[type=range]").forEach(function (i) { choice[i.name] = Number(i.value); });
    const by = form.querySelector("input[name=by]:checked");
    if (by) choice.by = by.value;
    return choice;
  }

  function update() {
    const choice = chosen();
    const byCapacity = choice.by === "capacity";
    form.querySelectorAll("input[type=range]").forEach(function (i) {
      i.disabled = (i.name === "rent" && !byCapacity) || (i.name === "take_up" && byCapacity);
      i.parentElement.querySelector("output").textContent = shares[i.name] ? Math.round(100 * i.value) + "%" : i.value;
    });
    const found = compute(data, normals, choice), last = data.years.length - 1;
    form.querySelector(".rt-headline").textContent =
      "By " + data.years[last] + " OpenAI would still have to raise US$" + round(found.median[last]) + "bn on the median path (" + round(found.low[last]) + " to " + round(found.high[last]) +
      "), US$" + round(found.present) + "bn in today's money; cash runs out on " + Math.round(100 * found.probability) + "% of paths.";
    draw(form.querySelector(".rt-fan"), data.years, found);
  }

  addEventListener("resize", update);
  form.addEventListener("input", update);
  form.addEventListener("submit", function (e) { e.preventDefault(); });
  form.addEventListener("reset", function () { setTimeout(update); });
  form.classList.add("rt-on");
  window.roundtripExplore = { compute: function (change) { return compute(data, normals, Object.assign({ by: "contract" }, data.start, change)); } };
  update();
})();
