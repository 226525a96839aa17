// The shared dialog that htmx fills, and the question before something that cannot be taken back.
(function () {
  "use strict";
  const dialog = document.getElementById("dialog");
  const body = document.getElementById("dialog-body");
  const question = document.getElementById("question");
  let address = "";

  function fill(event) {
    if (event.target !== body) return;
    if (!body.textContent.trim()) return dialog.close();
    const asked = event.detail.pathInfo && event.detail.pathInfo.requestPath;
    const method = event.detail.requestConfig && event.detail.requestConfig.verb;
    if (asked && (method === "get" || !dialog.open)) address = asked;
    if (!dialog.open) dialog.showModal();
    const first = body.querySelector("[data-focus], [autofocus], [aria-invalid=true]") ||
      body.querySelector("input:not([type=hidden]), select, textarea, .button");
    if (first) first.focus();
  }

  // A plain form in the dialog is sent by htmx, so that the same template serves as a page without script.
  function send(event) {
    const form = event.target;
    if (event.defaultPrevented || !window.htmx || !body.contains(form)) return;
    if (form.method !== "post" || form.matches("[hx-post], [data-hx-post], [hx-get]")) return;
    event.preventDefault();
    const submitter = event.submitter;
    const values = submitter && submitter.name ? { [submitter.name]: submitter.value } : {};
    const chosen = (submitter && submitter.getAttribute("formaction")) || form.getAttribute("action") || address;
    window.htmx.ajax("POST", chosen, { source: form, target: "#dialog-body", swap: "innerHTML", values: values });
  }

  let answer = null;
  function ask(text, then) {
    document.getElementById("question-text").textContent = text;
    answer = then;
    question.returnValue = "";
    question.showModal();
    question.querySelector("[data-autofocus]").focus();
  }
  question.addEventListener("close", () => {
    const then = answer;
    answer = null;
    if (then && question.returnValue === "yes") then();
  });

  // In the capture phase, so that neither htmx nor the browser sends before the answer.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const text = form.dataset.confirm;
    if (!text || form.dataset.confirmed) {
      delete form.dataset.confirmed;
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    const submitter = event.submitter;
    ask(text, () => {
      form.dataset.confirmed = "yes";
      form.requestSubmit(submitter);
    });
  }, true);
  document.addEventListener("htmx:confirm", (event) => {
    if (!event.detail.question) return;
    event.preventDefault();
    ask(event.detail.question, () => event.detail.issueRequest(true));
  });

  document.addEventListener("submit", send);
  document.addEventListener("htmx:afterSwap", fill);
  document.addEventListener("dialog:close", () => dialog.close());
  dialog.addEventListener("close", () => {
    body.replaceChildren();
    document.dispatchEvent(new CustomEvent("dialog:closed"));
  });
  document.addEventListener("click", (event) => {
    const closer = event.target.closest("[data-dialog-close]");
    if (closer) {
      event.preventDefault();
      closer.closest("dialog")?.close();
    }
    // A click beside the dialog leaves it, unless something was typed there.
    if (event.target.matches("dialog[open]") && !event.target.querySelector("[data-dirty]")) event.target.close();
  });
})();
