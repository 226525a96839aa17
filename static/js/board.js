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
