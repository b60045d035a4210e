"use strict";
// What is asked for is in the address, so that it can be shared and gone back to:
// #q=youth&municipality=revere&open=revere-bhu
(() => {
  const form = document.getElementById("filters");
  const count = document.getElementById("count");
  const map = document.getElementById("map");
  const cards = [...document.querySelectorAll("article")];
  const names = ["municipality", "approach", "need", "partner"];
  if (cards.length === 0) return;

  const fold = (text) =>
    " " + text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " ").trim();
  const texts = new Map(cards.map((card) => [card, fold(card.textContent)]));

  const asked = () => new URLSearchParams(location.hash.slice(1));

  function matches(card, wanted) {
    const words = fold(wanted.get("q") ?? "").split(" ").filter(Boolean);
    return (
      words.every((word) => texts.get(card).includes(" " + word)) &&
      names.every((name) => !wanted.get(name) || card.dataset[name].split(" ").includes(wanted.get(name)))
    );
  }

  // The page shows what the address says.
  function show() {
    const wanted = asked();
    for (const name of ["q", ...names]) {
      const field = form.elements[name];
      if (field.value !== (wanted.get(name) ?? "")) field.value = wanted.get(name) ?? "";
    }
    let shown = 0;
    for (const card of cards) {
      const open = card.id === "program-" + wanted.get("open");
      card.hidden = !open && !matches(card, wanted);
      card.classList.toggle("open", open);
      if (!card.hidden) shown += 1;
    }
    count.textContent =
      shown === 0 ? "No program is like that. Show all, or ask for less." : `${shown} of ${cards.length} programs`;
    for (const point of map?.querySelectorAll("[data-id]") ?? []) {
      point.classList.toggle("chosen", point.dataset.id === wanted.get("municipality"));
    }
  }

  function open() {
    const card = document.getElementById("program-" + asked().get("open"));
    if (!card) return;
    card.querySelector("details").open = true;
    card.scrollIntoView();
    card.querySelector("h2 a").focus({ preventScroll: true });
  }

  // The address says what the form does; what is typed makes no step to go back to.
  function ask(event) {
    const wanted = new URLSearchParams();
    for (const name of ["q", ...names]) {
      if (form.elements[name].value) wanted.set(name, form.elements[name].value);
    }
    const address = "#" + wanted;
    if (event.target.name === "q") history.replaceState(null, "", address);
    else history.pushState(null, "", address);
    show();
  }

  form.addEventListener("input", ask);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", (event) => {
    event.preventDefault();
    history.pushState(null, "", "#");
    show();
    form.elements.q.focus();
  });
  for (const card of cards) {
    // A link to a program keeps what else is asked for.
    card.querySelector("h2 a").addEventListener("click", (event) => {
      event.preventDefault();
      const wanted = asked();
      wanted.set("open", card.id.replace("program-", ""));
      history.pushState(null, "", "#" + wanted);
      show();
      open();
    });
  }
  for (const point of map?.querySelectorAll("[data-id]") ?? []) {
    point.addEventListener("click", () => {
      const field = form.elements.municipality;
      field.value = point.dataset.id;
      if (field.value) field.dispatchEvent(new Event("input", { bubbles: true }));
    });
  }
  addEventListener("popstate", show);
  addEventListener("hashchange", () => { show(); open(); });
  form.hidden = false;
  map?.classList.add("ready");
  show();
  open();
})();
