// Score pages: print a statement, send a choice as soon as it is made, and move between rows of cells with the arrow keys.
(function () {
  "use strict";
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) window.print();
  });
  document.addEventListener("keydown", (event) => {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const cell = event.target.closest("[data-grid] td");
    if (!step || !cell || event.altKey || event.ctrlKey || event.metaKey || !event.target.matches("input")) return;
    let row = cell.parentElement;
    do row = step > 0 ? row.nextElementSibling : row.previousElementSibling;
    while (row && !row.querySelector("input:not([type=hidden])"));
    const field = row && row.cells[cell.cellIndex] && row.cells[cell.cellIndex].querySelector("input:not([type=hidden])");
    if (!field) return;
    event.preventDefault();
    field.focus();
    field.select();
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-submit-on-change]")) event.target.form.requestSubmit();
  });
})();
