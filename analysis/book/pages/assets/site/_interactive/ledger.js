// The ledger's tables: search, filter, sort, addresses that keep them, and the history of each row.
// The first rows stand in the page; all of them, and the table library, are loaded when a table is first used.
(function () {
  "use strict";
  const load = window.roundtrip.load, root = window.roundtrip.root;
  const STEP = 100, MOST_CHOICES = 16;

  function element(name, attributes, ...children) {
    const node = document.createElement(name);
    for (const key in attributes) if (attributes[key] !== undefined) node.setAttribute(key, attributes[key]);
    node.append(...children.filter(function (c) { return c !== undefined; }));
    return node;
  }

  function outside(address, text) {
    const isWeb = /^https?:\/\//.test(address), isHere = /^references\.html#/.test(address);
    return isWeb || isHere ? element("a", { href: address, rel: isWeb ? "noopener" : undefined }, text) : text;
  }

  function Browser(box) {
    const name = box.dataset.table, table = box.querySelector("table"), body = table.tBodies[0];
    const heads = Array.from(table.tHead.rows[0].cells);
    const find = element("input", { type: "search", id: "find-" + name, "aria-controls": table.id, placeholder: "company, kind, day …", autocomplete: "off" });
    const out = element("output", { for: "find-" + name, "aria-live": "polite" });
    const choices = element("span", { class: "rt-choices" });
    const clear = element("button", { type: "button", hidden: "" }, "Clear");
    const more = element("button", { type: "button", class: "rt-next" }, "");
    const rest = box.querySelector(".rt-more");
    let data, core, state = { globalFilter: "", sorting: [], columnFilters: [] }, shown = STEP, ready;

    box.prepend(element("div", { class: "rt-search", role: "search", "aria-label": table.caption.textContent }, element("label", { for: find.id }, "Find"), find, choices, clear, out));
    box.append(more);
    const total = Number(box.dataset.rows);
    out.textContent = total + " rows";
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
          data: data.rows.map(function (cells, at) { return { cells: cells, at: at, text: cells.join("\n").toLowerCase() }; }),
          columns: data.columns.map(function (column, i) {
            return {
              id: String(i),
              accessorFn: function (row) { return column.numeric ? parseFloat(row.cells[i].replace(/^[^\d-]*/, "")) : row.cells[i]; },
              sortingFn: column.numeric ? number : "text",
              filterFn: function (row, _, wanted) { return row.original.cells[i] === wanted; },
            };
          }),
          state: { columnPinning: {}, ...state },
          onStateChange: function () {},
          renderFallbackValue: null,
          globalFilterFn: function (row, _, words) { return words.every(function (w) { return row.original.text.includes(w); }); },
          getColumnCanGlobalFilter: function (column) { return column.id === "0"; },
          getCoreRowModel: T.getCoreRowModel(),
          getFilteredRowModel: T.getFilteredRowModel(),
          getSortedRowModel: T.getSortedRowModel(),
        });
        offer();
      });
      return ready;
    }

    // What is not known comes last, whichever way the column is sorted.
    function number(a, b, id) {
      const x = a.getValue(id), y = b.getValue(id), down = (state.sorting[0] || {}).desc ? -1 : 1;
      if (isNaN(x) || isNaN(y)) return isNaN(x) ? (isNaN(y) ? 0 : down) : -down;
      return x - y;
    }

    // A choice for each column that has few different values.
    function offer() {
      data.columns.forEach(function (column, i) {
        const values = Array.from(new Set(data.rows.map(function (r) { return r[i]; }))).filter(Boolean).sort();
        if (column.numeric || values.length < 2 || values.length > MOST_CHOICES) return;
        const select = element("select", { "data-column": i, "aria-label": column.label }, element("option", { value: "" }, column.label + ": all"));
        values.forEach(function (v) { select.append(element("option", { value: v }, v)); });
        select.addEventListener("change", function () { filter(i, select.value); });
        choices.append(select);
      });
    }

    function sort(i) {
      const now = state.sorting[0];
      const desc = now && now.id === String(i) ? !now.desc : data.columns[i].numeric || /^as of$/i.test(data.columns[i].label);
      state.sorting = [{ id: String(i), desc: desc }];
      draw(true);
    }

    function filter(i, value) {
      state.columnFilters = state.columnFilters.filter(function (f) { return f.id !== String(i); });
      if (value) state.columnFilters.push({ id: String(i), value: value });
      draw(true);
    }

    function words() { return find.value.toLowerCase().split(/\s+/).filter(Boolean); }

    function line(row) {
      const at = row.original.at, id = data.ids[at], steps = data.history && data.history[id];
      const tr = element("tr", { id: id });
      row.original.cells.forEach(function (value, i) {
        const cell = element("td", { class: data.columns[i].numeric ? "rt-r" : undefined });
        const addresses = data.links[i];
        cell.append(addresses ? outside(addresses[at], value) : value);
        if (i === 0) {
          cell.append(" ", element("a", { class: "headerlink", href: "#" + id, "aria-label": "Permanent link" }, "#"));
          if (steps) {
            const button = element("button", { type: "button", class: "rt-steps", "aria-expanded": "false" }, steps.length + " statements");
            button.addEventListener("click", function () { history(tr, steps, button); });
            cell.append(element("br"), button);
          }
        }
        tr.append(cell);
      });
      return tr;
    }

    function history(tr, steps, button) {
      const isOpen = button.getAttribute("aria-expanded") === "true";
      button.setAttribute("aria-expanded", String(!isOpen));
      if (isOpen) return tr.nextElementSibling.remove();
      const list = element("ol", { class: "rt-timeline" });
      steps.forEach(function (s) { list.append(element("li", { id: s[3] === tr.id ? undefined : s[3] }, element("strong", {}, outside(s[2], s[0])), " ", s[1])); });
      tr.after(element("tr", { class: "rt-history" }, element("td", { colspan: heads.length }, list)));
    }

    function draw(isNew) {
      if (isNew) shown = STEP;
      const searched = words();
      state.globalFilter = searched.length ? searched : undefined;
      core.setOptions(function (o) { return { ...o, state: { columnPinning: {}, ...state } }; });
      const rows = core.getRowModel().rows;
      body.replaceChildren(...rows.slice(0, shown).map(line));
      if (!rows.length) body.append(element("tr", {}, element("td", { colspan: heads.length }, "Nothing matches.")));
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
      choices.querySelectorAll("select").forEach(function (s) {
        const chosen = state.columnFilters.find(function (f) { return f.id === s.dataset.column; });
        s.value = chosen ? chosen.value : "";
      });
      remember();
    }

    // The address keeps what was searched, so that it can be sent to somebody.
    function remember() {
      const query = new URLSearchParams(location.search);
      for (const key of Array.from(query.keys())) if (key === name || key.startsWith(name + ".")) query.delete(key);
      if (find.value.trim()) query.set(name, find.value.trim());
      state.columnFilters.forEach(function (f) { query.set(name + "." + data.columns[f.id].label, f.value); });
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
          const at = data.columns.findIndex(function (c) { return c.label === (label === "sort" ? value.replace(/^-/, "") : label); });
          if (at < 0) return;
          if (label === "sort") state.sorting = [{ id: String(at), desc: value.startsWith("-") }];
          else state.columnFilters.push({ id: String(at), value: value });
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
