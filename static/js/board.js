// A card dropped in another column asks the server to move it; until the server agrees it goes back where it was.
// The card's menu does the same with links and forms, so nothing here is needed to move a project.
(function () {
  "use strict";
  let pending = null;

  function putBack() {
    if (!pending) return;
    const { card, column, before } = pending;
    pending = null;
    card.classList.remove("board-dragged");
    if (column.isConnected) column.insertBefore(card, before && before.isConnected ? before : null);
  }

  function dropped(event) {
    document.querySelectorAll(".board-target").forEach((column) => column.classList.remove("board-target"));
    if (event.from === event.to) return;
    const card = event.item;
    pending = { card: card, column: event.from, before: event.from.children[event.oldIndex] || null };
    const stage = event.to.closest("[data-stage]").dataset.stage;
    const method = (card.dataset.moveMethod || "post").toUpperCase();
    window.htmx
      .ajax(method, card.dataset.moveUrl, {
        source: card,
        target: "#dialog-body",
        swap: "innerHTML",
        values: { to: stage, dropped: "1" },
      })
      .catch(putBack);
  }

  function hover(event) {
    document.querySelectorAll(".board-target").forEach((column) => column.classList.remove("board-target"));
    event.to.closest("[data-stage]").classList.add("board-target");
  }

  function start(scope) {
    if (!window.Sortable) return;
    scope.querySelectorAll("[data-board] .board-cards").forEach((column) => {
      if (column.dataset.ready) return;
      column.dataset.ready = "yes";
      window.Sortable.create(column, {
        group: "board",
        sort: false,
        draggable: "[data-card][data-move-url]",
        filter: ".board-menu",
        preventOnFilter: false,
        animation: 120,
        delay: 180,
        delayOnTouchOnly: true,
        ghostClass: "board-ghost",
        dragClass: "board-dragged",
        onMove: hover,
        onEnd: dropped,
      });
    });
  }

  // The region refreshes in place: columns stay scrolled where they were, and the card that was moved keeps the focus.
  let kept = null;

  function keep(event) {
    if (event.detail.target.id !== "board-region") return;
    const board = event.detail.target.querySelector("[data-board]");
    const card = document.activeElement && document.activeElement.closest("[data-card]");
    kept = { left: board ? board.scrollLeft : 0, card: card ? card.id : "" };
  }

  function restore() {
    const board = document.querySelector("#board-region [data-board]");
    if (!kept || !board) return;
    board.scrollLeft = kept.left;
    const card = kept.card && document.getElementById(kept.card);
    if (card) card.querySelector("a").focus({ preventScroll: true });
    kept = null;
  }

  // M on a card does what its menu offers first: the next stage.
  function press(event) {
    if (event.key.toLowerCase() !== "m" || event.ctrlKey || event.metaKey || event.altKey) return;
    const card = event.target.closest("[data-card]");
    const move = card && card.querySelector("[data-move-next]");
    if (!move || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    move.click();
  }

  document.addEventListener("keydown", press);
  document.addEventListener("htmx:beforeSwap", keep);
  document.addEventListener("htmx:afterSettle", restore);
  // The card stays only when the server said so: it then sends the whole board or the address of the next page.
  document.addEventListener("board:moved", () => { pending = null; });
  document.addEventListener("dialog:closed", putBack);
  document.addEventListener("htmx:responseError", putBack);
  document.addEventListener("htmx:sendError", putBack);
  document.addEventListener("htmx:afterRequest", (event) => {
    const reply = event.detail.xhr;
    if (!pending || event.detail.elt !== pending.card) return;
    if (reply.getResponseHeader("HX-Redirect") || reply.getResponseHeader("HX-Refresh")) pending = null;
    else if (reply.getResponseHeader("HX-Reswap") === "none" && reply.status >= 400) putBack();
  });
  document.addEventListener("htmx:load", (event) => start(event.target.parentElement || document));
  start(document);
})();
