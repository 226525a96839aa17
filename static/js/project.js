// The record page: print, the sum of shares while it is typed, the follow-up form ready for writing.
(function () {
  "use strict";

  function sum(form) {
    const out = form.querySelector("[data-share-total]");
    const inputs = [...form.querySelectorAll("[data-share]")];
    const parts = inputs.map((input) => Math.round(Number(input.value.trim() || 0) * 100));
    const total = parts.reduce((whole, part) => whole + part, 0);
    const known = !Number.isNaN(total);
    out.textContent = known ? String(total / 100) : "?";
    out.classList.toggle("share-right", known && total === 10000);
    out.classList.toggle("share-wrong", !known || total !== 10000);
  }

  function start(scope) {
    scope.querySelectorAll("form[data-shares]").forEach(sum);
  }

  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-print]")) window.print();
  });
  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-shares]");
    if (form) sum(form);
  });
  document.addEventListener("toggle", (event) => {
    if (!event.target.matches("[data-follow-up]") || !event.target.open) return;
    const text = event.target.querySelector("textarea");
    if (text) text.focus();
  }, true);
  document.addEventListener("htmx:load", (event) => start(event.target.parentElement || document));
  start(document);
})();
