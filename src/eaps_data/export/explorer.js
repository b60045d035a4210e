"use strict";
// The state is in the URL's fragment, so that it can be shared and works with the browser's history:
// #q=youth&municipality=revere&open=revere-bhu
(() => {
  const form = document.getElementById("filters");
  const count = document.getElementById("count");
  const map = document.getElementById("map");
  const points = [...(map?.querySelectorAll("[data-id]") ?? [])];
  const cards = [...document.querySelectorAll("article")];
  const filters = [...form.querySelectorAll("select")].map((select) => select.name);
  const fields = ["q", ...filters];
  if (cards.length === 0) return;

  const fold = (text) =>
    " " + text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " ").trim();
  const texts = new Map(cards.map((card) => [card, fold(card.textContent)]));

  const readQuery = () => new URLSearchParams(location.hash.slice(1));

  function matches(card, query) {
    const words = fold(query.get("q") ?? "").split(" ").filter(Boolean);
    return (
      words.every((word) => texts.get(card).includes(" " + word)) &&
      filters.every((name) => !query.get(name) || card.dataset[name].split(" ").includes(query.get(name)))
    );
  }

  // Update the page from the URL.
  function render() {
    const query = readQuery();
    for (const name of fields) {
      const field = form.elements[name];
      if (field.value !== (query.get(name) ?? "")) field.value = query.get(name) ?? "";
    }
    let shown = 0;
    for (const card of cards) {
      const isOpen = card.id === "program-" + query.get("open");
      card.hidden = !isOpen && !matches(card, query);
      card.classList.toggle("open", isOpen);
      if (!card.hidden) shown += 1;
    }
    count.textContent =
      shown === 0
        ? "No matching programs. Clear a filter or broaden your search."
        : `${shown} of ${cards.length} shown`;
    for (const point of points) {
      point.classList.toggle("chosen", point.dataset.id === query.get("municipality"));
    }
  }

  function scrollToOpenCard() {
    const card = document.getElementById("program-" + readQuery().get("open"));
    if (!card) return;
    card.querySelector("details").open = true;
    card.scrollIntoView();
    card.querySelector("h2 a").focus({ preventScroll: true });
  }

  // Update the URL from the form. Typing in the search adds no entries to the history.
  function handleInput(event) {
    const query = new URLSearchParams();
    for (const name of fields) {
      if (form.elements[name].value) query.set(name, form.elements[name].value);
    }
    const address = "#" + query;
    if (event.target.name === "q") history.replaceState(null, "", address);
    else history.pushState(null, "", address);
    render();
  }

  form.addEventListener("input", handleInput);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", (event) => {
    event.preventDefault();
    history.pushState(null, "", "#");
    render();
    form.elements.q.focus();
  });
  for (const card of cards) {
    // Opening a program keeps the search and the filters.
    card.querySelector("h2 a").addEventListener("click", (event) => {
      event.preventDefault();
      const query = readQuery();
      query.set("open", card.id.replace("program-", ""));
      history.pushState(null, "", "#" + query);
      render();
      scrollToOpenCard();
    });
  }
  for (const point of points) {
    point.addEventListener("click", () => {
      const field = form.elements.municipality;
      field.value = point.dataset.id;
      if (field.value) field.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }
  addEventListener("popstate", render);
  addEventListener("hashchange", () => {
    render();
    scrollToOpenCard();
  });
  form.hidden = false;
  map?.classList.add("ready");
  render();
  scrollToOpenCard();
})();
