// Editing a scheme: the text opens at its part; faults that the trial finds are marked at their fields while one types.
(function () {
  "use strict";
  const text = document.querySelector("textarea[data-line]");
  if (text) {
    const lines = text.value.split("\n");
    const before = lines.slice(0, Number(text.dataset.line) - 1).join("\n").length + 1;
    text.focus();
    text.setSelectionRange(before, before);
    text.scrollTop = (text.scrollHeight * (Number(text.dataset.line) - 1)) / lines.length;
  }

  const form = document.getElementById("indicator-form");
  if (!form) return;

  function unmark() {
    form.querySelectorAll("[data-live-fault]").forEach((line) => line.remove());
    form.querySelectorAll("[data-live-wrong]").forEach((one) => {
      one.removeAttribute("data-live-wrong");
      one.removeAttribute("aria-invalid");
      const kept = (one.getAttribute("aria-describedby") || "").split(" ").filter((id) => !id.startsWith("live-"));
      if (kept.join("")) one.setAttribute("aria-describedby", kept.join(" "));
      else one.removeAttribute("aria-describedby");
    });
  }

  function mark(name, sentence) {
    const found = form.elements[name];
    const control = found instanceof RadioNodeList ? found[0] : found;
    if (!control || !sentence) return;
    const line = document.createElement("p");
    line.className = "field-error";
    line.id = `live-${name}`;
    line.dataset.liveFault = "";
    line.textContent = sentence;
    const row = control.closest(".row-line");
    const place = row ? row.nextElementSibling.firstElementChild : control.closest(".field");
    if (!place || place.querySelector(".field-error:not([data-live-fault])")) return;
    place.append(line);
    control.dataset.liveWrong = "";
    control.setAttribute("aria-invalid", "true");
    control.setAttribute("aria-describedby", [control.getAttribute("aria-describedby"), line.id].filter(Boolean).join(" "));
  }

  document.body.addEventListener("schemefaults", (event) => {
    unmark();
    Object.entries(event.detail.fields || {}).forEach(([name, sentence]) => mark(name, sentence));
  });
})();
