// Lists from the keyboard: j and k walk the rows, x ticks, Enter opens; a click on a row opens it too.
(function () {
  "use strict";
  const rows = () => [...document.querySelectorAll("[data-row]")].filter((row) => row.offsetParent !== null);
  const current = () => document.querySelector("[data-row].row-current");

  function walk(step) {
    const all = rows();
    if (!all.length) return false;
    const now = all.indexOf(current());
    const next = all[Math.min(Math.max(now + step, 0), all.length - 1)];
    all.forEach((row) => row.classList.toggle("row-current", row === next));
    next.scrollIntoView({ block: "nearest" });
    const link = next.querySelector("a[href], [data-tick]");
    if (link) link.focus({ preventScroll: true });
    return true;
  }

  function open(row, aside) {
    if (!row.dataset.url) return;
    if (aside) window.open(row.dataset.url, "_blank", "noopener");
    else window.location.assign(row.dataset.url);
  }

  function countTicks() {
    const bar = document.querySelector("[data-bulk]");
    if (!bar) return;
    const ticked = document.querySelectorAll("[data-tick]:checked").length;
    bar.hidden = ticked === 0;
    bar.querySelector("[data-bulk-count]").textContent = String(ticked);
    const all = document.querySelector("[data-tick-all]");
    const total = document.querySelectorAll("[data-tick]").length;
    if (all) {
      all.checked = ticked > 0 && ticked === total;
      all.indeterminate = ticked > 0 && ticked < total;
    }
  }

  function tickAll(to) {
    document.querySelectorAll("[data-tick]").forEach((box) => { box.checked = to; });
    countTicks();
  }

  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest("input:not([type=checkbox]), textarea, select") || document.querySelector("dialog[open]")) return;
    const row = current();
    if (event.key === "j" && walk(1)) event.preventDefault();
    else if (event.key === "k" && walk(-1)) event.preventDefault();
    else if (event.key === "x" && row) {
      const box = row.querySelector("[data-tick]");
      if (box) box.click();
    } else if (event.key === "Enter" && row && !event.target.closest("a, button, summary, input")) open(row, false);
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-tick-none]")) tickAll(false);
    const row = event.target.closest("[data-row]");
    if (!row || event.target.closest("a, button, input, label, summary, details")) return;
    if (String(window.getSelection())) return;
    open(row, event.ctrlKey || event.metaKey);
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-tick-all]")) tickAll(event.target.checked);
    else if (event.target.matches("[data-tick]")) countTicks();
  });
  document.addEventListener("htmx:afterSwap", countTicks);
})();
