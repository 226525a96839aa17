// The plan of a team bonus: the sum of the percentages while they are typed.
(function () {
  "use strict";

  function sum(form) {
    const inputs = [...form.querySelectorAll("[data-bonus-percent]")];
    // Hundredths, so that 33.33 + 33.33 + 33.34 is exactly 100.
    const total = inputs.reduce((whole, input) => whole + Math.round(Number(input.value.trim() || 0) * 100), 0);
    const out = form.querySelector("[data-bonus-total]");
    const known = !Number.isNaN(total);
    out.textContent = known ? String(total / 100) : "?";
    out.classList.toggle("share-right", known && total === 10000);
    out.classList.toggle("share-wrong", !known || total !== 10000);
  }

  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-bonus-plan]");
    if (form) sum(form);
  });
  document.querySelectorAll("form[data-bonus-plan]").forEach(sum);
})();
