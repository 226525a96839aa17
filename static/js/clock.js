// The secret address of the calendar: selected by a click, copied by a button.
(function () {
  "use strict";
  document.addEventListener("click", (event) => {
    const field = event.target.closest("[data-select]");
    if (field) field.select();
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const source = document.getElementById(button.dataset.copy);
    source.select();
    const said = () => { button.textContent = button.dataset.copied; };
    if (navigator.clipboard) navigator.clipboard.writeText(source.value).then(said, () => source.select());
    else if (document.execCommand("copy")) said();
  });
})();
