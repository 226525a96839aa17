// Score pages: print a statement, send a choice as soon as it is made, and move about in tables of cells.
(function () {
  "use strict";
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) window.print();
  });
  // The cell in the same column of another row; rows without one are passed over.
  const below = (cell, step) => {
    const column = cell.closest("td").cellIndex;
    let row = cell.closest("tr");
    while ((row = step > 0 ? row.nextElementSibling : row.previousElementSibling)) {
      const found = row.cells[column] && row.cells[column].querySelector("input:not([type=hidden])");
      if (found) return found;
    }
    return null;
  };
  document.addEventListener("keydown", (event) => {
    const cell = event.target.closest("[data-grid] td input[type=text]");
    if (!cell || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const step = { ArrowDown: 1, ArrowUp: -1, Enter: event.shiftKey ? -1 : 1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const next = below(cell, step);
    if (next) {
      next.focus();
      next.select();
    }
  });
  // A block copied from a spreadsheet fills the cells to the right and below.
  document.addEventListener("paste", (event) => {
    const start = event.target.closest("[data-grid] td input[type=text]");
    const text = event.clipboardData ? event.clipboardData.getData("text/plain").replace(/\r?\n$/, "") : "";
    if (!start || !/[\t\n]/.test(text)) return;
    event.preventDefault();
    let row = start;
    for (const line of text.split(/\r?\n/)) {
      if (!row) break;
      const cells = [...row.closest("tr").querySelectorAll("td input[type=text]")];
      const from = cells.indexOf(row);
      line.split("\t").forEach((value, place) => {
        if (!cells[from + place]) return;
        cells[from + place].value = value.trim();
        cells[from + place].dispatchEvent(new Event("input", { bubbles: true }));
      });
      row = below(row, 1);
    }
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-submit-on-change]")) event.target.form.requestSubmit();
  });
})();
