// Forms keep what was typed: a draft in this browser, a warning before leaving, the amount read back in words.
(function () {
  "use strict";
  const account = document.body.dataset.account || "";
  const keyOf = (form) => `draft:${account}:${form.dataset.draft}`;
  const words = document.body.dataset;

  // Drafts.
  function kept(form) {
    return [...form.elements].filter(
      (one) => one.name && one.name !== "csrfmiddlewaretoken" && !["hidden", "password", "file", "submit", "button"].includes(one.type),
    );
  }

  function read(form) {
    return kept(form).map((one) => [one.name, one.value, one.type === "checkbox" || one.type === "radio" ? one.checked : null]);
  }

  function keep(form) {
    const filled = read(form).some(([, value, checked]) => (checked === null ? value !== "" : checked));
    store((box) => (filled ? box.setItem(keyOf(form), JSON.stringify(read(form))) : box.removeItem(keyOf(form))));
  }

  function store(act) {
    try {
      return act(localStorage);
    } catch (refused) {
      return null;
    }
  }

  function restore(form) {
    const text = store((box) => box.getItem(keyOf(form)));
    if (!text || form.querySelector(".form-errors")) return;
    const before = JSON.stringify(read(form));
    const values = JSON.parse(text);
    kept(form).forEach((one) => {
      const found = values.find(([name, value, checked]) => name === one.name && (checked === null || value === one.value));
      if (!found) return;
      if (found[2] === null) one.value = found[1];
      else one.checked = found[2];
    });
    if (JSON.stringify(read(form)) === before) return;
    form.dataset.dirty = "yes";
    note(form);
    form.querySelectorAll("[data-amount]").forEach(preview);
  }

  function note(form) {
    const line = document.createElement("p");
    line.className = "draft-note";
    line.setAttribute("role", "status");
    const said = document.createElement("span");
    said.textContent = words.draftRestored;
    const drop = document.createElement("button");
    drop.type = "button";
    drop.textContent = words.draftDrop;
    drop.addEventListener("click", () => {
      forget(form);
      form.reset();
      delete form.dataset.dirty;
      form.querySelectorAll("[data-amount]").forEach(preview);
      line.remove();
    });
    line.append(said, drop);
    form.prepend(line);
  }

  function forget(form) {
    store((box) => box.removeItem(keyOf(form)));
  }

  // A form was accepted when the page after it no longer shows it with errors.
  function settleSent() {
    const sent = sessionStorage.getItem("draft-sent");
    if (!sent) return;
    const form = [...document.querySelectorAll("form[data-draft]")].find((one) => keyOf(one) === sent);
    if (!form || !form.querySelector(".form-errors")) store((box) => box.removeItem(sent));
    sessionStorage.removeItem("draft-sent");
  }

  // Amounts.
  const units = { "": null, 元: 1, 万: 1e4, 万元: 1e4, 亿: 1e8, 亿元: 1e8, 美元: 1, 万美元: 1e4, 亿美元: 1e8 };
  const grouped = new Intl.NumberFormat("en-US", { maximumFractionDigits: 4 });

  function amount(text) {
    const match = text.normalize("NFKC").replace(/\s/g, "").replace(/，/g, ",").match(/^[¥$]?(\d[\d,]*(?:\.\d+)?|\.\d+)([^\d.,]*)$/);
    if (!match || !(match[2] in units)) return null;
    return Number(match[1].replace(/,/g, "")) * (units[match[2]] || 1e4);
  }

  function preview(input) {
    const out = input.closest(".field").querySelector("[data-amount-preview]");
    if (!out) return;
    const text = input.value.trim();
    const value = text ? amount(text) : null;
    const currency = input.form && input.form.elements.currency;
    const foreign = /美元|\$/.test(text) || (currency && currency.value === "USD") ? "美元" : "元";
    out.classList.toggle("field-amount-wrong", Boolean(text) && value === null);
    if (!text) out.textContent = "";
    else if (value === null) out.textContent = words.amountUnclear;
    else out.textContent = `= ${grouped.format(value / 1e4)} 万${foreign}` + (value >= 1e8 ? ` = ${grouped.format(value / 1e8)} 亿${foreign}` : "");
  }

  // Wiring.
  function start(scope) {
    scope.querySelectorAll("form[data-draft]").forEach((form) => {
      if (form.dataset.ready) return;
      form.dataset.ready = "yes";
      restore(form);
    });
    scope.querySelectorAll("[data-amount]").forEach(preview);
    const summary = scope.querySelector(".form-errors[data-focus]:not([data-still] *)");
    if (summary) summary.focus();
  }

  document.addEventListener("input", (event) => {
    const form = event.target.form;
    if (event.target.matches("[data-amount]")) preview(event.target);
    if (!form || form.method !== "post") return;
    form.dataset.dirty = "yes";
    if (form.dataset.draft) keep(form);
  });
  document.addEventListener("change", (event) => {
    const form = event.target.form;
    if (form && form.dataset.draft) keep(form);
    if (form && event.target.name === "currency") form.querySelectorAll("[data-amount]").forEach(preview);
    if (form && event.target.matches("[data-auto-submit]")) form.requestSubmit();
  });
  document.addEventListener("submit", (event) => {
    const form = event.target;
    delete form.dataset.dirty;
    if (form.dataset.draft) sessionStorage.setItem("draft-sent", keyOf(form));
    if (form.matches("[data-leave]")) {
      store((box) => Object.keys(box).filter((key) => key.startsWith("draft:")).forEach((key) => box.removeItem(key)));
    }
  });
  window.addEventListener("beforeunload", (event) => {
    if (document.querySelector("form[data-warn][data-dirty]")) event.preventDefault();
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const form = event.detail.elt.closest && event.detail.elt.closest("form[data-draft]");
    if (!form || event.detail.requestConfig.verb === "get") return;
    const reply = event.detail.xhr;
    const closes = (reply.getResponseHeader("HX-Trigger") || "").includes("dialog:close");
    // htmx leaves `successful` unset when the reply sends the browser elsewhere.
    const leaves = Boolean(reply.getResponseHeader("HX-Redirect"));
    if (leaves || (event.detail.successful && (closes || !reply.responseText.trim()))) {
      forget(form);
      delete form.dataset.dirty;
    }
    sessionStorage.removeItem("draft-sent");
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest(".form-errors a[href^='#']");
    if (!link) return;
    const field = document.getElementById(link.hash.slice(1));
    if (field) {
      event.preventDefault();
      (field.matches("input, select, textarea") ? field : field.querySelector("input") || field).focus();
    }
  });
  document.addEventListener("htmx:load", (event) => start(event.target.parentElement || document));
  settleSent();
  start(document);
})();
