// The ledger's tables: search, filter, sort, addresses that keep them, and the history of each row.
// The first rows stand in the page; all of them, and the table library, are loaded when a table is first used. A cell is a
// text, or a list of texts with the address behind each; what has no column stands behind a row, folded, its note first.
(function () {
  "use strict";
  const load = window.roundtrip.load, root = window.roundtrip.root;
  const STEP = 100;
  const DAY = /^\d{4}-\d\d-\d\d$/, MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

  function element(name, attributes, ...children) {
    const node = document.createElement(name);
    for (const key in attributes) if (attributes[key] !== undefined) node.setAttribute(key, attributes[key]);
    node.append(...children.filter(function (c) { return c !== undefined; }));
    return node;
  }

  function outside(address, text) {
    const isWeb = /^https?:\/\//.test(address), isHere = /^(references\.html#|companies\/|deals\/)/.test(address);
    return isWeb || isHere ? element("a", { href: address, rel: isWeb ? "noopener" : undefined }, text) : text;
  }

  function Browser(box) {
    const name = box.dataset.table, table = box.querySelector("table"), body = table.tBodies[0];
    const heads = Array.from(table.tHead.querySelectorAll("th:not(.rt-hidden)"));
    const find = box.querySelector("input[type=search]"), out = box.querySelector("output");
    const choices = Array.from(box.querySelectorAll("select")), clear = box.querySelector(".rt-clear");
    const more = element("button", { type: "button", class: "rt-next" }, "");
    const rest = box.querySelector(".rt-more");
    let data, core, state = { globalFilter: "", sorting: [], columnFilters: [] }, shown = STEP, ready;

    box.append(more);
    const total = Number(box.dataset.rows);
    more.textContent = "Show more rows";
    more.hidden = total <= body.rows.length;

    heads.forEach(function (head, i) {
      const button = element("button", { type: "button" });
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", function () { start().then(function () { sort(i); }); });
    });

    function start() {
      ready ||= Promise.all([load(root + "_interactive/table-core.js" + window.roundtrip.version), load(root + "_data/" + name + ".js")]).then(function () {
        data = window.roundtripTables[name];
        const T = window.TableCore;
        core = T.createTable({
          data: data.rows.map(function (cells, at) {
            return { cells: cells, at: at, text: searchable(cells.map(textOf).concat(data.notes[at], data.rest[at])) };
          }),
          columns: data.columns.map(function (column, i) {
            return {
              id: String(i),
              accessorFn: function (row) { return column.numeric ? data.numbers[i][row.at] ?? NaN : textOf(row.cells[i]); },
              sortingFn: column.numeric ? number : "text",
            };
          }).concat(choices.map(function (select) {
            const values = data.facets[select.dataset.facet];
            return {
              id: "facet " + select.dataset.facet,
              accessorFn: function (row) { return values[row.at]; },
              filterFn: function (row, _, wanted) { return values[row.original.at] === wanted; },
            };
          })),
          state: { columnPinning: {}, ...state },
          onStateChange: function () {},
          renderFallbackValue: null,
          globalFilterFn: function (row, _, words) { return words.every(function (w) { return row.original.text.includes(w); }); },
          getColumnCanGlobalFilter: function (column) { return column.id === "0"; },
          getCoreRowModel: T.getCoreRowModel(),
          getFilteredRowModel: T.getFilteredRowModel(),
          getSortedRowModel: T.getSortedRowModel(),
        });
      });
      return ready;
    }

    // What is not known comes last, whichever way the column is sorted.
    function number(a, b, id) {
      const x = a.getValue(id), y = b.getValue(id), down = (state.sorting[0] || {}).desc ? -1 : 1;
      if (isNaN(x) || isNaN(y)) return isNaN(x) ? (isNaN(y) ? 0 : down) : -down;
      return x - y;
    }

    // A day is found in both of its spellings.
    function searchable(texts) { return texts.concat(texts.filter(function (t) { return DAY.test(t); }).map(function (t) { return readable(t).replaceAll("\u00a0", " "); })).join("\n").toLowerCase(); }

    function textOf(cell) { return typeof cell === "string" ? cell : cell.map(function (part) { return part[0]; }).join(""); }

    // An ISO day as readers write it, unbroken; any other text as it is.
    function readable(text) {
      if (!DAY.test(text)) return text;
      const [year, month, day] = text.split("-").map(Number);
      return [day, MONTHS[month - 1], year].join("\u00a0");
    }

    function linked(cell) { return typeof cell === "string" ? [readable(cell)] : cell.map(function (part) { return part[1] ? outside(part[1], part[0]) : part[0]; }); }

    function sort(i) {
      const now = state.sorting[0];
      const desc = now && now.id === String(i) ? !now.desc : data.columns[i].numeric || /^known on$/i.test(data.columns[i].label);
      state.sorting = [{ id: String(i), desc: desc }];
      draw(true);
    }

    function filter(facet, value) {
      const id = "facet " + facet;
      state.columnFilters = state.columnFilters.filter(function (f) { return f.id !== id; });
      if (value) state.columnFilters.push({ id: id, value: value });
      draw(true);
    }

    function words() { return find.value.toLowerCase().split(/\s+/).filter(Boolean); }

    function line(row) {
      const at = row.original.at, id = data.ids[at], steps = data.history && data.history[id];
      const tr = element("tr", { id: id });
      row.original.cells.forEach(function (value, i) {
        const cell = element("td", { class: data.columns[i].numeric ? "rt-r" : undefined, "data-label": data.columns[i].label });
        cell.append(...linked(value));
        if (i === 0) {
          if (steps) {
            const button = element("button", { type: "button", class: "rt-steps", "aria-expanded": "false" }, steps.length + " statements");
            button.addEventListener("click", function () { history(tr, steps, button); });
            cell.append(element("br"), button);
          }
        }
        tr.append(cell);
      });
      tr.append(element("td", { class: "rt-behind" }, behind(at)));
      return tr;
    }

    function behind(at) {
      const list = element("dl", {});
      data.rest[at].forEach(function (text, i) {
        if (text) list.append(element("div", {}, element("dt", {}, data.rest_labels[i]), element("dd", {}, readable(text))));
      });
      list.append(element("div", {}, element("dt", {}, "this row"), element("dd", {}, element("a", { href: "#" + data.ids[at] }, "its address"))));
      return element("details", {}, element("summary", {}, data.notes[at] || "More"), list);
    }

    function history(tr, steps, button) {
      const isOpen = button.getAttribute("aria-expanded") === "true";
      button.setAttribute("aria-expanded", String(!isOpen));
      if (isOpen) return tr.nextElementSibling.remove();
      const list = element("ol", { class: "rt-timeline" });
      steps.forEach(function (s) { list.append(element("li", { id: s[3] === tr.id ? undefined : s[3] }, element("strong", {}, outside(s[2], readable(s[0]))), " ", s[1])); });
      tr.after(element("tr", { class: "rt-history" }, element("td", { colspan: heads.length + 1 }, list)));
    }

    function draw(isNew) {
      if (isNew) shown = STEP;
      const searched = words();
      state.globalFilter = searched.length ? searched : undefined;
      core.setOptions(function (o) { return { ...o, state: { columnPinning: {}, ...state } }; });
      const rows = core.getRowModel().rows;
      body.replaceChildren(...rows.slice(0, shown).map(line));
      if (!rows.length) body.append(element("tr", {}, element("td", { class: "rt-behind", colspan: heads.length + 1 }, "Nothing matches.")));
      out.textContent = rows.length === data.rows.length ? rows.length + " rows" : rows.length + " of " + data.rows.length + " rows";
      more.hidden = rows.length <= shown;
      more.textContent = "Show " + Math.min(STEP, rows.length - shown) + " more rows";
      rest.firstChild.textContent = "All rows: ";
      clear.hidden = !(searched.length || state.columnFilters.length || state.sorting.length);
      heads.forEach(function (head, i) {
        const sorted = state.sorting[0];
        if (sorted && sorted.id === String(i)) head.setAttribute("aria-sort", sorted.desc ? "descending" : "ascending");
        else head.removeAttribute("aria-sort");
      });
      choices.forEach(function (s) {
        const chosen = state.columnFilters.find(function (f) { return f.id === "facet " + s.dataset.facet; });
        s.value = chosen ? chosen.value : "";
      });
      remember();
    }

    // The address keeps what was searched, so that it can be sent to somebody.
    function remember() {
      const query = new URLSearchParams(location.search);
      for (const key of Array.from(query.keys())) if (key === name || key.startsWith(name + ".")) query.delete(key);
      if (find.value.trim()) query.set(name, find.value.trim());
      state.columnFilters.forEach(function (f) { query.set(name + "." + f.id.slice(6), f.value); });
      if (state.sorting[0]) query.set(name + ".sort", (state.sorting[0].desc ? "-" : "") + data.columns[state.sorting[0].id].label);
      const text = query.toString();
      window.history.replaceState(null, "", (text ? "?" + text : location.pathname) + location.hash);
    }

    function recall() {
      const query = new URLSearchParams(location.search);
      const mine = Array.from(query.keys()).filter(function (k) { return k === name || k.startsWith(name + "."); });
      if (!mine.length) return Promise.resolve();
      return start().then(function () {
        find.value = query.get(name) || "";
        mine.forEach(function (key) {
          const label = key.slice(name.length + 1), value = query.get(key);
          const at = data.columns.findIndex(function (c) { return c.label === value.replace(/^-/, ""); });
          if (label === "sort" && at >= 0) state.sorting = [{ id: String(at), desc: value.startsWith("-") }];
          if (choices.some(function (s) { return s.dataset.facet === label; })) state.columnFilters.push({ id: "facet " + label, value: value });
        });
        draw(true);
        if (!location.hash) box.scrollIntoView();
      });
    }

    // A row that is asked for by its address is brought and shown, a superseded one inside the history of its key.
    function reveal(id) {
      return start().then(function () {
        let at = data.ids.indexOf(id), owner = id;
        if (at < 0) {
          owner = Object.keys(data.history || {}).find(function (k) { return data.history[k].some(function (s) { return s[3] === id; }); });
          at = data.ids.indexOf(owner);
        }
        if (at < 0) return false;
        const order = core.getRowModel().rows.findIndex(function (r) { return r.original.at === at; });
        if (order < 0) { find.value = ""; state.columnFilters = []; }
        shown = Math.max(shown, (order < 0 ? at : order) + 1);
        draw(false);
        const row = document.getElementById(owner);
        if (owner !== id) row.querySelector(".rt-steps").click();
        const target = document.getElementById(id);
        target.classList.add("rt-found");
        target.scrollIntoView({ block: "center" });
        return true;
      });
    }

    find.addEventListener("focus", start, { once: true });
    choices.forEach(function (select) {
      select.addEventListener("change", function () { const value = select.value; start().then(function () { filter(select.dataset.facet, value); }); });
    });
    find.addEventListener("input", function () { start().then(function () { draw(true); }); });
    more.addEventListener("click", function () { start().then(function () { if (body.rows.length >= STEP) shown += STEP; draw(false); }); });
    clear.addEventListener("click", function () {
      find.value = "";
      state = { globalFilter: "", sorting: [], columnFilters: [] };
      draw(true);
      find.focus();
    });
    return { name: name, recall: recall, reveal: reveal };
  }

  document.addEventListener("DOMContentLoaded", function () {
    const browsers = Array.from(document.querySelectorAll(".rt-browse"), Browser);
    function go() {
      const id = decodeURIComponent(location.hash.slice(1));
      if (!id || document.getElementById(id)) return;
      const owner = browsers.find(function (b) { return id.startsWith(b.name + "-"); });
      if (owner) owner.reveal(id);
    }
    Promise.all(browsers.map(function (b) { return b.recall(); })).then(go);
    addEventListener("hashchange", go);
  });
})();
