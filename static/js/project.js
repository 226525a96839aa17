// The record page: print, the sum of shares while it is typed, the follow-up form ready for writing.
(function () {
  "use strict";

  // Hundredths, so that 33.33 + 33.33 + 33.34 is exactly 100.
  function hundredths(input) {
    return Math.round(Number(input.value.trim() || 0) * 100);
  }

  function say(out, total) {
    const known = !Number.isNaN(total);
    out.textContent = known ? String(total / 100) : "?";
    out.classList.toggle("share-right", known && total === 10000);
    out.classList.toggle("share-wrong", !known || total !== 10000);
  }

  function sum(form) {
    const weights = [...form.querySelectorAll("[data-weight]")];
    say(form.querySelector("[data-weight-total]"), weights.reduce((whole, input) => whole + hundredths(input), 0));
    const totals = new Map();
    form.querySelectorAll("[data-share]").forEach((input) => {
      const role = input.closest("tr").querySelector("select");
      if (!input.value.trim()) return;
      totals.set(role.selectedOptions[0].text, (totals.get(role.selectedOptions[0].text) || 0) + hundredths(input));
    });
    const place = form.querySelector("[data-share-totals]");
    place.replaceChildren(...[...totals].map(([label, total]) => {
      const line = document.createElement("span");
      const out = document.createElement("output");
      line.append(`${label} `, out);
      say(out, total);
      return line;
    }));
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
  document.addEventListener("change", (event) => {
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
