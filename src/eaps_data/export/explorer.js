// The state is in the fragment of the address, so that it can be shared and works with the browser's history:
// #VIEW/OPEN?q=WORDS&FILTER=VALUE&FILTER=VALUE&sort=FIELD, as in #programs/revere-bhu?need=mental-health&q=youth
(() => {
  const byId = (id) => document.getElementById(id);
  const data = JSON.parse(byId("data").textContent);
  const views = Object.keys(data.views);
  if (views.every((name) => data.views[name].records.length === 0)) return;

  const controls = byId("controls");
  const form = byId("filters");
  const side = byId("side");
  const tip = byId("tip");
  const tabs = [...document.querySelectorAll("nav a")];
  const cardOf = (view, record) => byId(`${view}/${record.id}`);
  const isWide = matchMedia("(min-width: 56rem)");
  const collator = new Intl.Collator("en", { numeric: true });

  function element(tag, properties = {}, ...children) {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...children);
    return made;
  }
  const isolated = (text) => element("bdi", { textContent: text });

  // ---- The state ----

  function parse(address) {
    const [, path, search = ""] = /^#?([^?]*)\??(.*)$/s.exec(address);
    const [view, open = ""] = path.split("/");
    const query = new URLSearchParams(search);
    return views.includes(view) ? { view, open, query } : { view: views[0], open: "", query: new URLSearchParams() };
  }
  const format = ({ view, open, query }) => `#${view}${open ? `/${open}` : ""}${query.size ? `?${query}` : ""}`;
  const readState = () => parse(location.hash);
  const cloneQuery = (query) => new URLSearchParams(query);

  function go(state, { replace = false } = {}) {
    history[replace ? "replaceState" : "pushState"](null, "", format(state));
    render();
  }
  function toggle(name, value) {
    const state = readState();
    const query = cloneQuery(state.query);
    if (query.has(name, value)) query.delete(name, value);
    else query.append(name, value);
    go({ view: state.view, open: "", query });
  }

  // ---- What matches ----

  let find = null;
  let last = { q: "", hits: null };
  // Return the hits of each view by id, and those of the grant program; null if there is nothing to search for.
  function search(q) {
    if (last.q !== q) {
      find ??= createSearch(data.search);
      const hits = {};
      for (const hit of q.trim() ? find(q) : []) {
        const [table, id] = hit.key.split("/");
        (hits[table] ??= new Map()).set(id, hit);
      }
      last = { q, hits: q.trim() ? hits : null };
    }
    return last.hits;
  }
  const hitsOf = (query, view) => {
    const hits = search(query.get("q") ?? "");
    return hits && (hits[view] ?? new Map());
  };

  // Without `exact`, a term also counts as each of its broader terms.
  const withBroader = (filter, values, query) =>
    query.has("exact") ? values : values.flatMap((value) => [value, ...(filter.broader[value] ?? [])]);
  function accepts(filter, values, query) {
    const chosen = query.getAll(filter.name);
    return chosen.length === 0 || withBroader(filter, values ?? [], query).some((value) => chosen.includes(value));
  }
  // The partnerships that match all filters about partnerships.
  const matchingLinks = (filters, record, query) =>
    record.links.filter((link) => filters.every((filter) => accepts(filter, link[filter.name], query)));
  function matches(record, filters, query) {
    const linked = filters.filter((filter) => filter.linked);
    return (
      filters.every((filter) => filter.linked || accepts(filter, record.values[filter.name], query)) &&
      (linked.length === 0 || matchingLinks(linked, record, query).length > 0)
    );
  }
  const isHit = (record, hits) => !hits || hits.has(record.id);
  // The filters that have values in the address, those that the view does not have included: no record matches them.
  const activeFilters = ({ view, query }) =>
    [...new Set(query.keys())]
      .filter((name) => !["q", "sort", "exact"].includes(name))
      .map(
        (name) =>
          data.views[view].filters.find((filter) => filter.name === name) ??
          { name, label: name, values: [], broader: {}, definitions: {} },
      );

  // Return how many records there would be with each value of a filter, given the search and the other filters.
  function countValues(filter, filters, records, query) {
    const others = filters.filter((other) => other !== filter);
    const linked = others.filter((other) => other.linked);
    const counts = new Map();
    for (const record of records) {
      if (!matches(record, others, query)) continue;
      const held = filter.linked
        ? matchingLinks(linked, record, query).flatMap((link) => link[filter.name])
        : (record.values[filter.name] ?? []);
      for (const value of new Set(withBroader(filter, held, query))) counts.set(value, (counts.get(value) ?? 0) + 1);
    }
    return counts;
  }

  function sorted(view, records, query, hits) {
    const field = query.get("sort");
    const ranks = new Map([...(hits?.keys() ?? [])].map((id, rank) => [id, rank]));
    if (!data.views[view].sorts.some(([name]) => name === field)) {
      return hits ? records.toSorted((one, other) => ranks.get(one.id) - ranks.get(other.id)) : records;
    }
    const valueOf = (record) => record.json[field];
    return records.toSorted((one, other) => {
      const [first, second] = [valueOf(one), valueOf(other)];
      return (first === null) - (second === null) || collator.compare(first ?? "", second ?? "");
    });
  }

  // ---- The filters ----

  let shownView = null;
  let boxes = [];
  function buildFilters(view) {
    shownView = view;
    boxes = [];
    const groups = data.views[view].filters.map((filter, position) => {
      const items = filter.values.map(([value, label]) => {
        const box = element("input", { type: "checkbox", name: filter.name, value });
        const number = element("span", { className: "number" });
        const item = element("li", {}, element("label", {}, box, isolated(label), number));
        boxes.push({ filter, value, box, number, item });
        return item;
      });
      const group = element("details", { open: position < 2 && isWide.matches });
      group.append(element("summary", { textContent: filter.label }), element("ul", {}, ...items));
      group.dataset.name = filter.name;
      return group;
    });
    const exact = element("input", { type: "checkbox", name: "exact", value: "true" });
    if (data.views[view].filters.some((filter) => Object.keys(filter.broader).length)) {
      groups.push(element("label", { className: "exact" }, exact, "Exact terms only, without narrower ones"));
    }
    form.replaceChildren(...groups);
    const options = data.views[view].sorts.map(([name, label]) => element("option", { value: name, textContent: label }));
    byId("sort").replaceChildren(element("option", { value: "" }), ...options);
  }
  function renderFilters(state, hits) {
    if (shownView !== state.view) buildFilters(state.view);
    const { filters, records } = data.views[state.view];
    const candidates = records.filter((record) => isHit(record, hits));
    const active = activeFilters(state);
    const counts = new Map(filters.map((filter) => [filter, countValues(filter, active, candidates, state.query)]));
    for (const { filter, value, box, number, item } of boxes) {
      const found = counts.get(filter).get(value) ?? 0;
      box.checked = state.query.has(filter.name, value);
      number.textContent = found;
      item.classList.toggle("none", found === 0);
    }
    for (const group of form.querySelectorAll("details")) {
      const isChosen = state.query.has(group.dataset.name);
      group.classList.toggle("chosen", isChosen);
      if (isChosen && isWide.matches) group.open = true;
    }
    if (form.elements.exact) form.elements.exact.checked = state.query.has("exact");
  }
  // The selected filters above the results, with the definitions of terms.
  function renderChosen(state) {
    const items = activeFilters(state).flatMap((filter) =>
      state.query.getAll(filter.name).map((value) => {
        const label = filter.values.find(([one]) => one === value)?.[1] ?? value;
        const remove = element("button", { type: "button" }, `${filter.label}: `, isolated(label), " ");
        remove.append(element("span", { textContent: "✕", ariaHidden: "true" }));
        remove.ariaLabel = `Remove the filter ${filter.label}: ${label}`;
        remove.addEventListener("click", () => {
          toggle(filter.name, value);
          (document.querySelector("#chosen button") ?? byId("q")).focus();
        });
        return element("li", {}, remove, " ", filter.definitions[value] ?? "");
      }),
    );
    byId("clear").hidden = items.length === 0 && !state.query.get("q");
    byId("chosen").replaceChildren(...items);
  }

  // ---- The results ----

  let shown = [];
  function explain(card, hit) {
    card.querySelector(".why")?.remove();
    if (!hit) return;
    const fields = hit.matches.map(({ field, words }) => `${field.replaceAll("_", " ")}: ${words.join(" ")}`).join("; ");
    const notes = [...new Set(hit.matches.map(({ note }) => note).filter(Boolean))].join("; ");
    const why = element("p", { className: "why" }, "Found in ", isolated(fields + (notes ? ` (${notes})` : "")));
    card.querySelector("h3").after(why);
  }
  function renderResults({ view, open, query }, filters, hits) {
    const { records } = data.views[view];
    const isOpen = (record) => record.id === open;
    shown = records.filter((record) => isOpen(record) || (isHit(record, hits) && matches(record, filters, query)));
    const visible = new Set(shown);
    for (const record of records) {
      const card = cardOf(view, record);
      card.hidden = !visible.has(record);
      card.classList.toggle("open", isOpen(record));
      explain(card, hits?.get(record.id));
    }
    const ranked = shown.filter((record) => isHit(record, hits));
    const order = [...sorted(view, ranked, query, hits), ...shown.filter((record) => !ranked.includes(record))];
    const cards = order.map((record) => cardOf(view, record));
    const current = byId(view).querySelectorAll(":scope > article:not([hidden])");
    if (cards.some((card, at) => card !== current[at])) byId(view).append(...cards);
    const words = (query.get("q") ?? "").toLowerCase().split(/[^a-z]+/);
    const unknown = words.map((word) => data.unknown[word] ?? data.unknown[word.replace(/s$/, "")]).find(Boolean);
    byId("count").textContent =
      shown.length === 0 && records.length
        ? `No matching ${view}. Clear a filter or broaden your search.`
        : `${shown.length} of ${records.length} ${view}`;
    if (unknown) byId("count").append(` ${unknown}`);
  }
  function renderTabs({ view, query }, hits) {
    const q = query.get("q") ?? "";
    for (const tab of tabs) {
      const name = parse(tab.hash).view;
      tab.href = `#${name}${q ? `?${new URLSearchParams({ q })}` : ""}`;
      tab.ariaCurrent = name === view ? "page" : null;
      tab.querySelector(".number").textContent = hits ? (hits[name]?.size ?? 0) : data.views[name].records.length;
    }
    const grant = hits?.grant_program?.keys().next().value;
    byId("also").replaceChildren();
    if (grant) {
      const link = element("a", { href: `#grant_program/${grant}`, textContent: "About the grant program" });
      byId("also").append("Also found: ", link);
    }
  }

  function render() {
    const state = readState();
    const hits = hitsOf(state.query, state.view);
    for (const name of views) byId(name).hidden = name !== state.view;
    renderFilters(state, hits);
    renderChosen(state);
    renderResults(state, activeFilters(state), hits);
    renderTabs(state, search(state.query.get("q") ?? ""));
    const q = state.query.get("q") ?? "";
    if (byId("q").value !== q) byId("q").value = q;
    byId("sort").value = state.query.get("sort") ?? "";
    byId("sort").options[0].textContent = hits ? "Best match" : "Source order";
    for (const point of document.querySelectorAll("#map a")) {
      const { filter, value } = point.dataset;
      point.classList.toggle("chosen", state.query.has(filter, value) || (state.view === "municipalities" && state.open === value));
    }
    tip.hidden = true;
  }
  function scrollToOpen() {
    const { view, open } = readState();
    const card = open && byId(`${view}/${open}`);
    if (!card) return;
    card.querySelector(".more").open = true;
    card.scrollIntoView();
    card.querySelector("h3 a").focus({ preventScroll: true });
  }

  // The records as in an export, in the order of the dataset.
  function download(type) {
    const { view } = readState();
    const text =
      type === "csv"
        ? "\ufeff" + data.views[view].csv + shown.map((record) => record.csv).join("")
        : `${JSON.stringify(shown.map((record) => record.json), null, 2)}\n`;
    const href = URL.createObjectURL(new Blob([text], { type: type === "csv" ? "text/csv" : "application/json" }));
    element("a", { href, download: `${view}.${type}` }).click();
    setTimeout(() => URL.revokeObjectURL(href), 1000);
  }

  // ---- Events ----

  byId("q").addEventListener("input", (event) => {
    const { view, query } = readState();
    const changed = cloneQuery(query);
    changed.delete("q");
    if (event.target.value) changed.set("q", event.target.value);
    go({ view, open: "", query: changed }, { replace: true }); // typing adds no entries to the history
  });
  byId("clear").addEventListener("click", () => {
    go({ view: readState().view, open: "", query: new URLSearchParams() });
    byId("q").focus();
  });
  byId("sort").addEventListener("change", (event) => {
    const { view, open, query } = readState();
    const changed = cloneQuery(query);
    changed.delete("sort");
    if (event.target.value) changed.set("sort", event.target.value);
    go({ view, open, query: changed });
  });
  form.addEventListener("change", ({ target }) => toggle(target.name, target.value));
  for (const each of [controls, form]) each.addEventListener("submit", (event) => event.preventDefault());
  for (const button of controls.querySelectorAll("[data-download]")) {
    button.addEventListener("click", () => download(button.dataset.download));
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href^='#']");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const address = link.getAttribute("href");
    const { filter, value } = link.dataset;
    const state = readState();
    const target = parse(address);
    if (filter && data.views[state.view].filters.some(({ name }) => name === filter)) {
      event.preventDefault();
      toggle(filter, value);
      scrollTo({ top: 0 });
    } else if (link.closest("h3") && target.view === state.view && target.open) {
      event.preventDefault(); // keep the search and the filters
      go({ ...state, open: target.open });
      scrollToOpen();
    } else if (!views.includes(address.slice(1).split(/[/?]/)[0])) {
      event.preventDefault(); // other places on the page are no state
      const place = byId(address.slice(1));
      place?.closest("details")?.setAttribute("open", "");
      place?.scrollIntoView();
      if (place) Object.assign(place, { tabIndex: -1 }).focus();
    }
  });

  // The definition of a term that the pointer or the focus is on; the filters show it too.
  function showTip(event) {
    const term = event.target.closest?.(".term");
    if (!term) return;
    const box = term.getBoundingClientRect();
    tip.textContent = byId(term.getAttribute("aria-describedby")).textContent;
    tip.hidden = false;
    tip.style.left = `${Math.max(8, Math.min(box.left, document.documentElement.clientWidth - tip.offsetWidth - 8)) + scrollX}px`;
    tip.style.top = `${box.bottom + scrollY + 6}px`;
  }
  const hideTip = () => (tip.hidden = true);
  document.addEventListener("pointerover", showTip);
  document.addEventListener("focusin", showTip);
  document.addEventListener("pointerout", (event) => event.target.closest?.(".term") && event.relatedTarget !== tip && hideTip());
  document.addEventListener("focusout", hideTip);
  tip.addEventListener("pointerleave", hideTip);
  document.addEventListener("keydown", ({ key }) => key === "Escape" && hideTip());

  const foldSide = () => (side.open = isWide.matches);
  isWide.addEventListener("change", foldSide);
  // Both events follow a step in the history, and only the latter follows a link.
  addEventListener("popstate", render);
  addEventListener("hashchange", () => {
    render();
    if (readState().open) scrollToOpen();
    else scrollTo({ top: 0 });
  });

  document.documentElement.classList.add("scripted");
  controls.hidden = form.hidden = side.hidden = false;
  foldSide();
  render();
  scrollToOpen();
})();
