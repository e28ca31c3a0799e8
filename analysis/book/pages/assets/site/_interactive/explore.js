// The funding model once more, for the reader's own choices. The formula is that of analysis/models/funding: `walk` in simulation.py,
// the random numbers of draws.py; a test holds the two together, path by path.
(function () {
  "use strict";

  // The drawn choices, and what shares a quantile (draws.py: RELATED, INDEPENDENT, SHARED_QUANTILES).
  const RELATED = ["attainment", "take_up", "gw"];
  const INDEPENDENT = ["other_share", "conditional", "compute_floor", "price", "overlap", "renewal", "rent", "flex"];
  const SHARED_QUANTILES = { option: "take_up", chip_price: "price", lease_price: "price" };

  function hashed(x) {
    x ^= x >>> 16;
    x = Math.imul(x, 0x7feb352d);
    x ^= x >>> 15;
    x = Math.imul(x, 0x846ca68b);
    return (x ^ (x >>> 16)) >>> 0;
  }

  const BLOCK = 16384, QUANTILE_STEPS = 4096;

  function hashes(n, dimension, seed) {
    const key = hashed((dimension + 1) ^ hashed(seed));
    return Uint32Array.from({ length: n }, function (_, k) { return hashed(k ^ key); });
  }

  function uniforms(n, dimension, seed) {
    return Float64Array.from(hashes(n, dimension, seed), function (h) { return ((h >>> 9) + 0.5) / 8388608; });
  }

  function level(h) { return (h + 0.5) / QUANTILE_STEPS; }

  // The normal distribution function, by Chebyshev fitting (Press et al., erfccheb's short form; error below 1.2e-7).
  function normal(x) {
    const z = Math.abs(x) / Math.SQRT2, t = 1 / (1 + 0.5 * z);
    const tail = t * Math.exp(-z * z - 1.26551223 + t * (1.00002368 + t * (0.37409196 + t * (0.09678418 + t * (-0.18628806 +
      t * (0.27886807 + t * (-1.13520398 + t * (1.48851587 + t * (-0.82215223 + t * 0.17087277)))))))));
    return x > 0 ? 1 - tail / 2 : tail / 2;
  }

  // Standard normals by year, and the quantile of each choice.
  function drawn(n, years, seed, correlation) {
    const pairs = Math.ceil((years + RELATED.length) / 2), normals = [], quantiles = {};
    for (let p = 0; p < pairs; p++) {
      const u = uniforms(n, 2 * p, seed), v = uniforms(n, 2 * p + 1, seed);
      const radius = u.map(function (x) { return Math.sqrt(-2 * Math.log(x)); });
      normals.push(radius.map(function (r, k) { return r * Math.cos(2 * Math.PI * v[k]); }));
      normals.push(radius.map(function (r, k) { return r * Math.sin(2 * Math.PI * v[k]); }));
    }
    const rest = Math.sqrt(1 - correlation * correlation);
    const growth = normals[years].map(function (a, k) {
      let sum = 0;
      for (let t = 0; t < years; t++) sum += normals[t][k];
      return (sum / Math.sqrt(years) + a) * Math.SQRT1_2;
    });
    RELATED.forEach(function (name, j) {
      quantiles[name] = normals[years + j].map(function (z, k) { return normal(j ? correlation * growth[k] + rest * z : z); });
    });
    for (let j = 0; j < INDEPENDENT.length; j += 2) {
      const bits = hashes(n, 2 * pairs + j / 2, seed);
      quantiles[INDEPENDENT[j]] = Float64Array.from(bits, function (h) { return level(h >>> 20); });
      if (j + 1 < INDEPENDENT.length) quantiles[INDEPENDENT[j + 1]] = Float64Array.from(bits, function (h) { return level(h & (QUANTILE_STEPS - 1)); });
    }
    return { normals: normals.slice(0, years), quantiles: quantiles };
  }

  function triangle(u, ends) {
    const low = ends[0], central = ends[1], high = ends[2];
    if (high === low) return central;
    return u < (central - low) / (high - low) ? low + Math.sqrt(u * (high - low) * (central - low))
      : high - Math.sqrt((1 - u) * (high - low) * (high - central));
  }

  // A range moved as a whole, so that its middle is the reader's.
  function moved(ends, middle, atMostOne) {
    const most = atMostOne ? 1 : Infinity, by = middle - ends[1];
    if (by === 0) return ends;
    return [Math.min(Math.max(ends[0] + by, 0), most), middle, Math.min(Math.max(ends[2] + by, middle), most)];
  }

  // The lower order statistics, as Python takes them.
  function quantiles(values, shares) {
    const sorted = Float64Array.from(values).sort();
    return shares.map(function (q) { return sorted[Math.floor(q * (sorted.length - 1))]; });
  }

  // `every` takes one path in so many, for a first look.
  function compute(data, random, choice, every) {
    const stride = every || 1, c = data.choices[choice.scenario], n = Math.floor(data.paths / stride), years = data.years.length;
    const value = {};
    for (const name in c.triangles) {
      const ends = name in choice ? moved(c.triangles[name], choice[name], data.at_most_one.includes(name)) : c.triangles[name];
      const quantiles = random.quantiles[SHARED_QUANTILES[name] || name];
      value[name] = Float64Array.from({ length: n }, function (_, k) { return triangle(quantiles[k * stride], ends); });
    }
    const level = new Float64Array(n), shock = new Float64Array(n), gap = new Float64Array(n), present = new Float64Array(n);
    const cash = new Float64Array(n).fill(data.base_cash), start = Math.log(data.start_revenue);
    const out = { low: [], median: [], high: [] };
    for (let t = 0; t < years; t++) {
      const discount = Math.pow(1 + choice.rate, t + 1), plan = Math.log(data.plan[t]), open = t ? 1 : Math.sqrt(data.open_share);
      for (let k = 0; k < n; k++) {
        shock[k] = (choice.sigma ?? c.sigma) * open * random.normals[t][k * stride] + c.persistence * shock[k];
        level[k] += shock[k];
        const log = value.attainment[k] * data.growth[t] + level[k] + start, revenue = Math.exp(log);
        let computing;
        if (choice.case === "plan") computing = data.plan_compute[t] * Math.exp(value.flex[k] * (log - plan));
        else {
          if (choice.case === "capacity") computing = (data.live_gw + data.gw_path[t] * (value.gw[k] - data.live_gw)) * value.rent[k];
          else {
            const due = data.due[Math.floor((k * stride % BLOCK) * data.due.length / BLOCK)];
            computing = value.take_up[k] * (due[0][t] + value.lease_price[k] * due[3][t] + value.renewal[k] * due[4][t]) +
              value.option[k] * (due[1][t] + value.chip_price[k] * (1 - value.overlap[k]) * due[2][t]);
          }
          computing = Math.max(computing, revenue * value.compute_floor[k]);
        }
        cash[k] += revenue * (1 - value.other_share[k]) - computing + data.firm[t] + value.conditional[k] * data.conditional[t];
        const deeper = Math.max(gap[k], -cash[k]);
        present[k] += (deeper - gap[k]) / discount;
        gap[k] = deeper;
      }
      const ends = quantiles(gap, [0.05, 0.5, 0.95]);
      out.low.push(ends[0]);
      out.median.push(ends[1]);
      out.high.push(ends[2]);
    }
    let short = 0;
    for (const g of gap) short += g > 0;
    out.probability = short / n;
    out.present = quantiles(present, [0.5])[0];
    return out;
  }

  const round = function (x) { return Math.round(x).toLocaleString("en"); };
  // As the chapters show simulated amounts of US$ bn and shares of paths.
  const percent = function (x) { return x > 0 && x < 100 && (x < 0.5 || x >= 99.5) ? x.toFixed(1) : String(Math.round(x)); };

  // An amount; beyond `most` it is no forecast of anything, and only that it is more is told.
  const dollars = function (x, most) { return x > most ? "more than US$" + round(most) + "bn" : Math.round(x) ? "US$" + round(x) + "bn" : "nothing"; };

  // The range, the middle, and the middle of our own choices to compare it with.
  function draw(place, years, found, ours) {
    const W = Math.max(280, place.clientWidth), H = place.clientHeight || 200, left = 56, right = 44, top = 24, bottom = 30;
    const peak = Math.max(50, Math.max.apply(null, found.high.concat(ours.median)) * 1.05);
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
    add("text", { x: 2, y: 11, "font-size": 12, fill: "var(--rt-muted)" }, "US$ bn still to be raised");
    const points = function (values) { return values.map(function (v, t) { return x(t) + "," + y(v); }); };
    add("polygon", { points: points(found.high).concat(points(found.low).reverse()).join(" "), fill: "var(--rt-loss)", opacity: 0.25 });
    add("polyline", { points: points(ours.median).join(" "), fill: "none", stroke: "var(--rt-muted)", "stroke-width": 2, "stroke-dasharray": "5 4" });
    add("polyline", { points: points(found.median).join(" "), fill: "none", stroke: "var(--rt-loss)", "stroke-width": 2.5 });
    const last = years.length - 1, isMoved = Math.abs(y(ours.median[last]) - y(found.median[last])) > 14;
    const label = function (v, look, words) { add("text", Object.assign({ x: x(last) + 6, y: y(v) + 4, "font-size": 12, fill: "var(--rt-ink)" }, look), words); };
    label(found.median[last], { "font-weight": 700 }, round(found.median[last]));
    if (Math.abs(y(found.high[last]) - y(found.median[last])) > 14) label(found.high[last], { fill: "var(--rt-muted)" }, round(found.high[last]));
    if (isMoved) label(ours.median[last], { x: x(last) - 6, y: y(ours.median[last]) - 7, "text-anchor": "end", fill: "var(--rt-muted)" }, "our choices: " + round(ours.median[last]));
    const every = Math.ceil(years.length * 44 / (W - left - right));
    years.forEach(function (year, t) { if (t % every === 0) add("text", { x: x(t), y: H - 8, "text-anchor": "middle", "font-size": 12, fill: "var(--rt-ink)" }, year); });
    place.replaceChildren(svg);
  }

  if (typeof module !== "undefined") module.exports = { drawn: drawn, compute: compute };
  if (typeof document === "undefined") return;
  const form = document.getElementById("explore");
  if (!form) return;
  const data = JSON.parse(form.dataset.explore), cases = data.cases;
  const shares = { attainment: 1, sigma: 1, other_share: 1, take_up: 1, rate: 1 };
  const sliders = Array.from(form.querySelectorAll("input[type=range]"));
  const select = form.querySelector("select[name=scenario]");
  const random = {}, ours = data.ours; // what our own choices give, by case: the page opens on it and draws no path
  // The most that our own choices give in a bad future of any case, up to the next thousand.
  const most = 1000 * Math.ceil(Math.max.apply(null, cases.map(function (c) { return Math.max.apply(null, ours[c].high); })) / 1000);

  // Scenarios of one correlation have the same draws.
  function draws(scenario) {
    const correlation = data.choices[scenario].correlation;
    random[correlation] = random[correlation] || drawn(data.paths, data.years.length, data.seed, correlation);
    return random[correlation];
  }

  function starts(scenario) {
    const at = { rate: data.rate };
    const chosen = data.choices[scenario];
    sliders.forEach(function (i) { if (i.name !== "rate") at[i.name] = i.name in chosen ? chosen[i.name] : chosen.triangles[i.name][1]; });
    return at;
  }

  function run(change, every) {
    const scenario = change.scenario || data.scenario;
    return compute(data, draws(scenario), Object.assign({ case: cases[0], scenario: scenario }, starts(scenario), change), every);
  }

  function shown(name, value) { return shares[name] ? Math.round(100 * value) + "%" : Number(value).toFixed(1); }

  function isClosed(found) { return Math.round(found.median[data.years.length - 1]) === 0; }

  // The value of one slider, nearest to where it stands, at which the median gap is nothing; null where none is. Values are those
  // that the page can show. A tenth of the paths finds the place, all of them settle it.
  function closing(slider, choice, from) {
    const step = shares[slider.name] ? 0.01 : 0.1, better = data.better[slider.name];
    const end = better > 0 ? Math.floor(Number(slider.max) / step + 1e-9) : Math.ceil(Number(slider.min) / step - 1e-9);
    const at = function (k) { return Number((k * step).toPrecision(4)); };
    const closes = function (k, every) { return isClosed(run(Object.assign({}, choice, { [slider.name]: at(k) }), every)); };
    let near = better > 0 ? Math.ceil(from / step - 1e-9) : Math.floor(from / step + 1e-9), far = end;
    if ((far - near) * better < 0 || !closes(far)) return null;
    while (Math.abs(far - near) > 1) {
      const middle = Math.round((near + far) / 2);
      if (closes(middle, 8)) far = middle; else near = middle;
    }
    while (far !== end && !closes(far)) far += better;
    while (closes(far - better)) far -= better;
    return at(far);
  }

  // Sliders that were touched; the others stand exactly where the scenario has them, not where the slider's steps are.
  const touched = {};

  function chosen() {
    const choice = { case: form.querySelector("input[name=case]:checked").value, scenario: select.value };
    for (const name in touched) choice[name] = touched[name];
    return choice;
  }

  function place() {
    const at = Object.assign(starts(select.value), touched);
    sliders.forEach(function (i) { i.value = at[i.name]; });
  }

  function remember(choice) {
    const parts = new URLSearchParams();
    if (choice.case !== cases[0]) parts.set("case", choice.case);
    if (choice.scenario !== data.scenario) parts.set("scenario", choice.scenario);
    for (const name in touched) parts.set(name, touched[name]);
    const hash = parts.toString();
    if (hash !== location.hash.slice(1)) history.replaceState(null, "", hash ? "#" + hash : location.pathname + location.search);
  }

  // What an address asks for; null when any of it is not on this page.
  function asked(parts) {
    const found = { touched: {}, case: cases[0], scenario: data.scenario };
    for (const [name, text] of parts) {
      const slider = sliders.find(function (i) { return i.name === name; }), value = Number(text);
      if (name === "case" && cases.includes(text)) found.case = text;
      else if (name === "scenario" && Object.keys(data.choices).includes(text)) found.scenario = text;
      else if (slider && text.trim() !== "" && value >= Number(slider.min) && value <= Number(slider.max)) found.touched[name] = value;
      else return null;
    }
    return found;
  }

  function recall() {
    const hash = location.hash.slice(1);
    if (document.getElementById(hash)) return false; // a heading of this page
    const given = asked(new URLSearchParams(hash)), choice = given || asked([]);
    for (const name in touched) delete touched[name];
    Object.assign(touched, choice.touched);
    form.querySelector("input[name=case][value=" + choice.case + "]").checked = true;
    select.value = choice.scenario;
    form.querySelector(".rt-unread").hidden = Boolean(given);
    place();
    return true;
  }

  function update() {
    const choice = chosen();
    sliders.forEach(function (i) {
      i.disabled = i.name in data.only_in && data.only_in[i.name] !== choice.case;
      i.parentElement.querySelector("output").textContent = shown(i.name, i.value);
    });
    const isOurs = choice.scenario === data.scenario && !Object.keys(touched).length;
    const found = isOurs ? ours[choice.case] : run(choice), last = data.years.length - 1;
    const rest = document.createElement("span"), middle = dollars(found.median[last], most);
    // A range that begins with nothing holds more than nine futures of ten.
    rest.textContent = (found.low[last] > most ? "" : dollars(found.low[last]) === dollars(0) ?
      "In one of twenty it lacks " + dollars(found.high[last], most) + " or more. " :
      "In nine of ten it lacks from " + dollars(found.low[last]) + " to " + dollars(found.high[last], most) + ". ") +
      "Cash runs out in " + percent(100 * found.probability) + "% of futures.";
    form.querySelector(".rt-headline").replaceChildren(
      "By " + data.years[last] + " OpenAI lacks " + middle + (isClosed(found) ? " in half of the futures or more. " :
        middle === dollars(found.median[last]) ? " or more in half of the futures. " : " in half of the futures. "), rest);
    form.querySelector(".rt-today").textContent = "In money of " + (data.years[0] - 1) + ", at your discount rate, the median is " + dollars(found.present, most) + ".";
    draw(form.querySelector(".rt-fan"), data.years, found, ours[choice.case]);
    score(choice, found);
    remember(choice);
  }

  // How near the reader is to closing the gap, and with what.
  function score(choice, found) {
    const moves = sliders.filter(function (i) { return i.name in touched && !i.disabled && i.name !== "rate"; });
    const named = moves.map(function (i) { return i.dataset.short + " at " + shown(i.name, i.value); }).join(", ");
    const told = form.querySelector(".rt-score"), alone = form.querySelector(".rt-alone");
    told.textContent = !isClosed(found) ? "Can you bring the red line to nothing, and with how few moves?" :
      "Closed" + (named ? ", with " + named : "") + ". Even so, cash runs out in " + percent(100 * found.probability) + "% of the futures." +
      (named ? " Would you bet on it?" : "");
    form.querySelector(".rt-which").disabled = isClosed(found);
    alone.replaceChildren();
    searches += 1;
  }

  // Which slider would close the gap by itself: one at a time, so that the page stays awake; stopped by any other choice.
  let searches = 0;
  function search() {
    const mine = ++searches, choice = chosen(), stands = Object.assign(starts(select.value), touched);
    const alone = form.querySelector(".rt-alone"), left = sliders.filter(function (i) { return !i.disabled && i.name in data.better; });
    alone.replaceChildren();
    (function next() {
      if (mine !== searches || !left.length) return;
      const slider = left.shift(), value = closing(slider, choice, stands[slider.name]), item = document.createElement("li");
      item.append(slider.dataset.short + ": ");
      if (value === null) item.append("nowhere on its slider");
      else {
        const button = document.createElement("button");
        button.type = "button";
        button.textContent = shown(slider.name, value);
        button.setAttribute("aria-label", "Set " + slider.dataset.short + " to " + shown(slider.name, value));
        button.addEventListener("click", function () {
          touched[slider.name] = value;
          place();
          update();
          unfold();
          slider.focus();
        });
        item.append(button, " instead of " + shown(slider.name, stands[slider.name]));
      }
      alone.append(item);
      setTimeout(next);
    })();
  }

  // The finer choices are folded, unless one of them is not ours.
  const finer = form.querySelector("details");
  function unfold() {
    if (Array.from(finer.querySelectorAll("input, select")).some(function (i) {
      return i.name in touched || i === select && select.value !== data.scenario || i.name === "case" && i.checked && i.value !== cases[0];
    })) finer.open = true;
  }

  // The page opens on a question; its answer, or an address that brings choices, opens the rest.
  const question = document.querySelector(".rt-guess[data-opens=explore]"), answer = question && question.querySelector("details");
  function show() {
    form.classList.add("rt-on");
    if (answer) answer.open = true;
    unfold();
    update();
  }
  function isOn() { return form.classList.contains("rt-on"); }

  addEventListener("resize", function () { if (isOn()) update(); });
  form.addEventListener("input", function (e) {
    if (e.target === select) {
      for (const name in touched) delete touched[name];
      place();
    } else if (e.target.type === "range") touched[e.target.name] = Number(Number(e.target.value).toPrecision(4));
    form.querySelector(".rt-unread").hidden = true;
    update();
  });
  form.querySelector(".rt-which").addEventListener("click", search);
  form.addEventListener("submit", function (e) { e.preventDefault(); });
  form.addEventListener("reset", function () {
    setTimeout(function () {
      for (const name in touched) delete touched[name];
      form.querySelector(".rt-unread").hidden = true;
      place();
      update();
    });
  });
  window.roundtripExplore = { compute: run };
  addEventListener("hashchange", function () { if (recall()) show(); });
  if (answer) answer.addEventListener("toggle", function () { if (answer.open && !isOn()) show(); });
  // Choices are read before the rest of the page is there, so that nothing moves; whether other words are a heading, after it.
  if (!answer || location.hash.includes("=")) { recall(); show(); }
  else {
    recall();
    if (location.hash) addEventListener("DOMContentLoaded", function () { if (recall()) show(); });
  }
})();
