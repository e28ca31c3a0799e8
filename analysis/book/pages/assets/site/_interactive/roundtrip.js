// What the page can do beyond being read: numbers that answer, charts that answer to touch, text to copy, links into folded parts.
// Everything is read from this site; nothing here is needed to see a number or a chart.
(function () {
  "use strict";
  const root = document.currentScript.dataset.root || "./";
  const version = "?v=" + document.currentScript.dataset.loaded;
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
  window.roundtrip = { load: load, root: root, version: version };

  // Pages without the theme's own script follow its choice all the same.
  try {
    document.body.dataset.theme ||= localStorage.getItem("theme") || "auto";
  } catch { /* a frame may be denied its storage */ }

  // A chart becomes interactive when pointed at or touched; the drawing stays until that has worked.
  const specs = (window.roundtripSpecs = window.roundtripSpecs || {});
  // The layers meant for this width, as the drawings were made.
  function shape(spec, isNarrow) {
    const dropped = isNarrow ? "wide_" : "narrow_";
    (function keep(node) {
      if (Array.isArray(node)) return node.forEach(keep);
      if (!node || typeof node !== "object") return;
      if (node.layer) node.layer = node.layer.filter(function (l) { return !(l.name || "").startsWith(dropped); });
      if (isNarrow && node.legend) delete node.legend.columns;
      if (isNarrow && node.axis && node.axis.labelLimit > 0) node.axis.labelLimit = Math.min(150, node.axis.labelLimit);
      for (const key in node) if (key !== "data" && key !== "datasets") keep(node[key]);
    })(spec);
    if (!isNarrow) return;
    const named = function (name) { return (spec.params || []).find(function (p) { return p.name === name; }); };
    if (named("line_length")) named("line_length").value = named("narrow_line_length").value;
    spec.config.axis.labelLimit = 112;
    spec.config.axisX = Object.assign({}, spec.config.axisX, { labelOverlap: "greedy", labelSeparation: 4 });
    let longest = 0;
    (function measure(node) {
      (((node.encoding || {}).color || {}).scale || {}).domain?.forEach(function (name) { longest = Math.max(longest, String(name).length); });
      (node.layer || []).forEach(measure);
    })(spec);
    Object.assign(spec.config.legend, { columns: longest <= (named("line_length")?.value === 16 ? 12 : 21) ? 2 : 1, labelLimit: 200, offset: 12 });
    if (spec.usermeta) spec.height = spec.usermeta.narrow_height;
  }
  function enliven(chart) {
    if (chart.ready) return chart.ready;
    chart.dataset.state = "loading";
    const name = chart.dataset.figure;
    chart.ready = Promise.all([load(root + "_interactive/vega.js" + version), load(chart.dataset.files + "/" + name + ".js")])
      .then(function () {
        const spec = structuredClone(specs[name]);
        const style = getComputedStyle(chart), room = chart.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
        const still = Array.from(chart.querySelectorAll("svg")).find(function (svg) { return svg.getClientRects().length; });
        const isNarrow = still ? Boolean(still.closest(".rt-narrow")) : room < 480;
        // As the drawing is, so that nothing moves when it comes to life; what is dragged needs the page's own pixels.
        spec.width = still && !("zoom" in chart.dataset) ? still.viewBox.baseVal.width : room;
        shape(spec, isNarrow);
        const live = document.createElement("div");
        live.className = "rt-live";
        live.style.visibility = "hidden";
        live.style.position = "absolute";
        chart.append(live);
        return window.roundtripVega.embed(live, spec, { ast: true, renderer: "svg", actions: false, tooltip: { theme: "custom" } }).then(function (made) {
          chart.replaceChildren(live);
          live.removeAttribute("style");
          chart.dataset.state = "live";
          return made.view;
        });
      })
      .catch(function (error) {
        chart.dataset.state = "static";
        console.warn(error.message);
      });
    return chart.ready;
  }
  document.querySelectorAll(".rt-chart").forEach(function (chart) {
    for (const event of ["pointerenter", "touchstart"]) chart.addEventListener(event, function () { enliven(chart); }, { once: true, passive: true });
  });

  // What a reader can move: a chart's parameter on a slider, value by value, with words for each.
  document.querySelectorAll(".rt-replay").forEach(function (box) {
    const chart = document.getElementById(box.dataset.figure).querySelector(".rt-chart"), asked = JSON.parse(box.dataset.slider);
    const slider = box.querySelector("input"), out = box.querySelector("output"), play = box.querySelector("button"), hint = box.querySelector("small");
    let timer, isMoved = false;
    slider.max = asked.stops.length - 1;
    slider.value = asked.start;
    box.hidden = false;
    function tell() {
      const [value, words, told] = asked.stops[slider.value];
      out.textContent = words;
      hint.textContent = told || asked.otherwise;
      slider.setAttribute("aria-valuetext", told ? words + ". " + told : words);
      return value;
    }
    function show() {
      isMoved = true;
      const value = tell();
      return enliven(chart).then(function (view) { if (view) return view.signal(asked.parameter, value).runAsync(); });
    }
    function stop() {
      clearInterval(timer);
      timer = undefined;
      play.textContent = "Play";
    }
    slider.addEventListener("input", function () { stop(); show(); });
    play.addEventListener("click", function () {
      if (timer) return stop();
      // From the start where nothing was moved yet, or the end is reached; a start that shows the whole says nothing new.
      if (!isMoved || slider.value === slider.max) slider.value = asked.start === 0 ? 1 : 0;
      play.textContent = "Pause";
      show();
      timer = setInterval(function () {
        if (slider.value === slider.max) return stop();
        slider.value = Number(slider.value) + 1;
        show();
      }, asked.pace);
    });
    tell();
  });

  // A question takes a guess before it gives its answer.
  document.querySelectorAll(".rt-guess").forEach(function (box) {
    const asked = box.dataset, form = box.querySelector("form"), slider = form.querySelector("input"), out = form.querySelector("output");
    const near = slider.max * 0.04, low = Number(asked.low), high = Number(asked.high), truth = form.querySelector(".rt-track i");
    const dots = form.querySelectorAll(".rt-dots i"), details = box.querySelector("details");
    function amount(value, after) { return asked.before + Number(value).toFixed(slider.step < 1 ? 1 : 0) + after; }
    function tell() {
      out.textContent = amount(slider.value, asked.after);
      slider.setAttribute("aria-valuetext", out.textContent);
      dots.forEach(function (dot, n) { dot.className = n < slider.value ? "rt-in" : ""; });
    }
    slider.addEventListener("input", tell);
    form.addEventListener("submit", function (e) {
      e.preventDefault();
      const guess = Number(slider.value);
      const miss = Math.max(low - guess, guess - high), far = amount(miss, asked.after === "%" ? " points" : asked.after);
      box.querySelector(".rt-verdict").textContent = "You said " + out.textContent + ": " +
        (miss <= near ? asked.right : far + " " + (guess < low ? asked.under : asked.over)) + ".";
      details.open = true;
    });
    truth.style.setProperty("--from", low / slider.max);
    truth.style.setProperty("--to", high / slider.max);
    details.addEventListener("toggle", function () { truth.hidden = !details.open; });
    tell();
    form.hidden = false;
  });

  // A number, a term or a citation shows its note: while it is pointed at, or from one click, tap or Enter to the next.
  const pop = document.createElement("span"), NOTED = "a[data-note]";
  pop.className = "rt-pop";
  pop.setAttribute("role", "note");
  let owner, isPinned, closing, opening;
  document.querySelectorAll(NOTED).forEach(function (link) { link.setAttribute("aria-expanded", "false"); });

  // Below the number, or above it where only there is room; never over it, and never over more than half the page.
  function place() {
    const gap = 6, edge = 8, boxes = owner.getClientRects(), first = boxes[0] || owner.getBoundingClientRect(), last = boxes[boxes.length - 1] || first;
    pop.style.maxHeight = "";
    const high = pop.offsetHeight, wide = pop.offsetWidth;
    const below = innerHeight - last.bottom - gap - edge, above = first.top - gap - edge;
    const isAbove = Math.min(high, innerHeight * 0.38) > below && above > below;
    const most = Math.max(120, Math.min(isAbove ? above : below, innerHeight / 2));
    pop.style.maxHeight = most + "px";
    pop.style.left = Math.min(Math.max(edge, (isAbove ? first : last).left), document.documentElement.clientWidth - wide - edge) + "px";
    pop.style.top = (isAbove ? first.top - gap - Math.min(high, most) : last.bottom + gap) + "px";
  }

  function open(link) {
    clearTimeout(closing);
    if (owner === link) return;
    const note = document.getElementById(link.dataset.note);
    if (!note) return;
    close();
    owner = link;
    pop.replaceChildren(...Array.from(note.childNodes, function (n) { return n.cloneNode(true); }));
    link.after(pop);
    link.setAttribute("aria-expanded", "true");
    pop.scrollTop = 0;
    place();
  }

  function close() {
    clearTimeout(opening);
    clearTimeout(closing);
    if (!owner) return;
    pop.remove();
    owner.setAttribute("aria-expanded", "false");
    owner = isPinned = undefined;
  }

  function soon(action, wait) { return setTimeout(action, wait); }

  document.addEventListener("pointerover", function (e) {
    if (e.pointerType === "touch" || isPinned) return;
    const link = e.target.closest(NOTED);
    clearTimeout(opening);
    clearTimeout(closing);
    if (link) opening = soon(function () { open(link); }, owner ? 0 : 120);
    else if (owner && !e.target.closest(".rt-pop")) closing = soon(close, 250);
  });
  document.addEventListener("focusin", function (e) { if (owner && e.target !== owner && !pop.contains(e.target)) close(); });
  document.addEventListener("keydown", function (e) {
    if (e.key !== "Escape" || !owner) return;
    const link = owner, isInside = pop.contains(document.activeElement);
    close();
    if (isInside) link.focus();
    e.stopPropagation();
  });
  document.addEventListener("click", function (e) {
    const link = e.target.closest(NOTED);
    if (link && !e.ctrlKey && !e.metaKey && !e.shiftKey && document.getElementById(link.dataset.note)) {
      e.preventDefault();
      if (owner === link && isPinned) return close();
      open(link);
      isPinned = true;
    } else if (owner && !e.target.closest(".rt-pop")) close();
    else if (e.target.closest(".rt-pop a")) soon(close, 0);
  });
  addEventListener("scroll", function () {
    if (!owner || pop.matches(":hover")) return;
    const box = owner.getBoundingClientRect();
    if (isPinned && box.bottom > 0 && box.top < innerHeight) place();
    else close();
  }, { passive: true });
  addEventListener("resize", close);

  // A long list is searched while typing: its folded groups open where something is found.
  document.querySelectorAll("[data-filter]").forEach(function (box) {
    const find = box.querySelector("input"), out = box.querySelector("output"), all = out.textContent;
    const groups = Array.from(box.querySelectorAll("details"), function (group) {
      return { group: group, items: Array.from(group.querySelectorAll("li"), function (li) { return { li: li, text: li.textContent.toLowerCase() }; }) };
    });
    find.addEventListener("input", function () {
      const words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
      let count = 0;
      for (const { group, items } of groups) {
        const found = items.filter(function (item) {
          item.li.hidden = !words.every(function (word) { return item.text.includes(word); });
          return !item.li.hidden;
        }).length;
        group.hidden = found === 0;
        group.open = words.length > 0 && found > 0;
        count += found;
      }
      out.textContent = words.length ? count + " of " + all : all;
    });
  });

  // A link to a number opens the list it stands in.
  function reveal() {
    const target = location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (!target) return;
    for (let up = target; up; up = up.parentElement) if (up.tagName === "DETAILS") up.open = true;
    target.scrollIntoView({ block: target.closest(".rt-numbers, tr, .rt-notes") ? "center" : "start" });
  }
  addEventListener("hashchange", reveal);
  addEventListener("DOMContentLoaded", function () { if (location.hash) reveal(); });

  // Text that is there to be taken along gets a button.
  function copyButton(text, label) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "rt-copy";
    button.textContent = "Copy";
    button.setAttribute("aria-label", label);
    button.addEventListener("click", function () {
      navigator.clipboard.writeText(text()).then(
        function () { button.textContent = "Copied"; },
        function () { button.textContent = "Select and copy by hand"; }
      ).then(function () { soon(function () { button.textContent = "Copy"; }, 2000); });
    });
    return button;
  }
  /* In another site's frame a figure stands alone, without the rest of its page. */
  if (window.self !== window.top) document.documentElement.classList.add("rt-embedded");
  addEventListener("DOMContentLoaded", function () {
    document.querySelectorAll(".rt-embed").forEach(function (code) {
      code.textContent = '<iframe src="' + new URL(code.dataset.page, location.href).href.split("#")[0] + '" title="' + code.dataset.title.replace(/&/g, "&amp;").replace(/"/g, "&quot;").replace(/</g, "&lt;") + '" width="700" height="620" loading="lazy" style="border:0"></iframe>';
    });
    document.querySelectorAll("div.highlight > pre, pre.rt-take, .rt-take:not(pre)").forEach(function (block) {
      const button = copyButton(function () { return block.innerText; }, "Copy this text");
      if (block.parentElement.matches(".highlight")) { block.parentElement.classList.add("rt-has-copy"); block.parentElement.append(button); }
      else block.after(button);
    });
  });
})();
