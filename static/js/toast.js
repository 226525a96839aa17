// Short messages: what was saved, with a way back; what failed stays until it is closed.
(function () {
  "use strict";
  const region = document.getElementById("toasts");

  function dismissLater(item, milliseconds) {
    let timer = setTimeout(() => item.remove(), milliseconds);
    const hold = () => clearTimeout(timer);
    const release = () => { timer = setTimeout(() => item.remove(), milliseconds); };
    item.addEventListener("mouseenter", hold);
    item.addEventListener("focusin", hold);
    item.addEventListener("mouseleave", release);
    item.addEventListener("focusout", release);
  }

  function button(label, className, act) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = className;
    made.textContent = label;
    made.addEventListener("click", act);
    return made;
  }

  function dress(item, level, undo) {
    if (undo) {
      item.append(button(region.dataset.undo, "toast-undo", () => {
        item.remove();
        window.htmx.ajax("POST", undo, { swap: "none" });
      }));
    }
    const close = button("×", "toast-close", () => item.remove());
    close.setAttribute("aria-label", region.dataset.close);
    item.append(close);
    if (level !== "error") dismissLater(item, undo ? 12000 : 6000);
  }

  function show(text, level, undo) {
    // A modal dialog makes the rest of the page inert, so the region goes where the reader is.
    (document.querySelector("dialog[open]") || document.body).append(region);
    const item = document.createElement("div");
    item.className = `toast-item toast-${level || "success"}`;
    const words = document.createElement("span");
    words.textContent = text;
    item.append(words);
    dress(item, level, undo);
    region.append(item);
  }

  document.addEventListener("toast", (event) => {
    show(event.detail.text, event.detail.level, event.detail.undo_url);
  });
  document.addEventListener("dialog:closed", () => document.body.append(region));
  document.addEventListener("close", () => {
    if (!document.querySelector("dialog[open]")) document.body.append(region);
  }, true);
  document.addEventListener("htmx:sendError", () => show(region.dataset.failed, "error"));
  document.addEventListener("htmx:responseError", (event) => {
    const reply = event.detail.xhr;
    if ((reply.getResponseHeader("HX-Trigger") || "").includes("toast")) return;
    show(reply.status === 403 ? region.dataset.refused : region.dataset.failed, "error");
  });
  region.querySelectorAll("[data-toast]").forEach((item) => {
    dress(item, item.classList.contains("toast-error") ? "error" : "success", item.dataset.undoUrl || "");
  });
})();
