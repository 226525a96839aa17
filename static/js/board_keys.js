// The board from the keyboard: Tab enters it once, at the card visited last; arrows go between cards and columns, Home and
// End to the ends of a column, Enter opens. Without this script every card is a stop of its own.
(function () {
  "use strict";
  let current = "";
  let waiting = null;

  const cards = (scope) => [...scope.querySelectorAll("[data-card]")];
  const board = () => document.querySelector("[data-board]");
  const columns = () => [...board().querySelectorAll("[data-stage]")];
  const title = (card) => card.querySelector(".board-title");

  // One card is in the order of Tab; the others are reached by arrows.
  function settle() {
    if (!board()) return;
    const all = cards(board());
    const held = all.find((card) => card.id === current) || all[0];
    all.forEach((card) => {
      card.querySelectorAll(".board-title, .board-menu > summary").forEach((stop) => {
        stop.tabIndex = card === held ? 0 : -1;
      });
    });
  }

  function go(to) {
    if (!to) return false;
    const stop = to.matches("[data-card]") ? title(to) : to;
    stop.focus({ preventScroll: true });
    to.scrollIntoView({ block: "nearest", inline: "nearest" });
    return true;
  }

  // The card at the same height of the next column that has one.
  function beside(column, place, step) {
    const all = columns();
    for (let index = all.indexOf(column) + step; all[index]; index += step) {
      const there = cards(all[index]);
      if (there.length) return there[Math.min(place, there.length - 1)];
    }
    return null;
  }

  function target(key, at) {
    const column = at.closest("[data-stage]");
    const here = cards(column);
    const card = at.closest("[data-card]");
    const place = card ? here.indexOf(card) : here.length;
    const more = column.querySelector(".board-more");
    return {
      ArrowUp: () => here[place - 1],
      ArrowDown: () => (card ? here[place + 1] || more : null),
      ArrowLeft: () => beside(column, place, -1),
      ArrowRight: () => beside(column, place, 1),
      Home: () => here[0],
      End: () => more || here[here.length - 1],
    }[key];
  }

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const at = event.target;
    if (!at.matches || !at.matches("[data-board] .board-title, [data-board] .board-menu > summary, [data-board] .board-more")) return;
    if (document.querySelector("dialog[open]") || at.closest("details[open]")) return;
    const find = target(event.key, at);
    if (!find) return;
    event.preventDefault();
    go(find());
  });

  document.addEventListener("focusin", (event) => {
    const card = event.target.closest("[data-board] [data-card]");
    if (!card) return;
    current = card.id;
    document.querySelectorAll("[data-row].row-current").forEach((row) => row.classList.remove("row-current"));
    card.classList.add("row-current");
    settle();
  });

  // What is swapped away under the focus: the first of the cards that came in, or the column's place of a card that left.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const active = document.activeElement;
    if (!active || !event.detail.target.contains(active) || !active.closest("[data-board]")) return;
    const column = active.closest("[data-stage]");
    const card = active.closest("[data-card]");
    waiting = {
      id: card ? card.id : "",
      stage: column.dataset.stage,
      place: card ? cards(column).indexOf(card) : cards(column).length,
    };
  });
  document.addEventListener("htmx:afterSettle", () => {
    settle();
    if (!waiting || !board()) return;
    const left = waiting;
    waiting = null;
    if (left.id && document.getElementById(left.id)) return;
    const column = board().querySelector(`[data-stage="${left.stage}"]`);
    const there = column ? cards(column) : [];
    go(there[Math.min(left.place, there.length - 1)] || cards(board())[0]);
  });
  settle();
})();
