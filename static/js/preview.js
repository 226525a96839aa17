// Turning the pages of a file with the arrow keys; Escape leaves the page that shows one on its own.
(function () {
  "use strict";
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
    const shown = document.querySelector("dialog[open] [data-preview]") || document.querySelector("main [data-preview]");
    const link = shown && shown.querySelector(`[data-turn="${CSS.escape(event.key)}"]`);
    if (!link) return;
    event.preventDefault();
    link.click();
  });
})();
