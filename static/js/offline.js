// What is submitted while the network is away is kept in this browser and sent when it is back, once: the key that goes along
// lets the server give its first answer again instead of writing twice.
(function () {
  "use strict";
  const words = document.getElementById("pending");
  if (!words) return;
  const account = document.body.dataset.account || "";
  const prefix = `pending:${account}:`;
  const SIGN_IN = words.dataset.signIn;
  let sending = false;

  function box(act) {
    try {
      return act(localStorage);
    } catch (refused) {
      return null;
    }
  }

  function waiting() {
    const keys = box((kept) => Object.keys(kept).filter((key) => key.startsWith(prefix))) || [];
    return keys.map((key) => ({ key, ...JSON.parse(box((kept) => kept.getItem(key)) || "{}") })).filter((one) => one.url);
  }

  function newKey() {
    if (crypto.randomUUID) return crypto.randomUUID();
    return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  function keyOf(form) {
    let field = form.elements.idempotency_key;
    if (!field) {
      field = document.createElement("input");
      field.type = "hidden";
      field.name = "idempotency_key";
      form.append(field);
    }
    if (!field.value) field.value = newKey();
    return field.value;
  }

  // Keep a form as pending; files cannot be kept, and that is said.
  function keep(form) {
    const fields = [];
    let files = false;
    new FormData(form).forEach((value, name) => {
      if (name === "csrfmiddlewaretoken") return;
      if (typeof value === "string") fields.push([name, value]);
      else files = files || value.size > 0;
    });
    const entry = {
      url: form.getAttribute("action") || location.pathname,
      page: location.pathname + location.search,
      label: form.dataset.once,
      fields,
      files,
      draft: `draft:${account}:${form.dataset.draft}`,
    };
    box((kept) => kept.setItem(prefix + form.dataset.draft, JSON.stringify(entry)));
    sessionStorage.removeItem("draft-sent");
    form.dataset.pending = "yes";
    delete form.dataset.dirty;
    say(form, files ? `${words.dataset.kept} ${words.dataset.files}` : words.dataset.kept);
    draw();
  }

  function say(form, text) {
    form.querySelector(".pending-said")?.remove();
    const line = document.createElement("p");
    line.className = "draft-note pending-said";
    line.setAttribute("role", "status");
    const said = document.createElement("span");
    said.textContent = text;
    line.append(said, button(words.dataset.retry, () => send(true)));
    form.prepend(line);
    line.scrollIntoView({ block: "nearest" });
  }

  function button(label, act) {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = label;
    made.addEventListener("click", act);
    return made;
  }

  function forget(one) {
    box((kept) => {
      kept.removeItem(one.key);
      kept.removeItem(one.draft);
    });
  }

  // The line that every page shows while something waits.
  function draw() {
    const all = waiting();
    words.hidden = all.length === 0;
    words.replaceChildren();
    if (!all.length) return;
    const said = document.createElement("span");
    const names = [...new Set(all.map((one) => one.label))].join("、");
    said.textContent = words.dataset.waiting.replace("{count}", all.length).replace("{what}", names);
    words.append(said, button(words.dataset.retry, () => send(true)));
    const refused = all.find((one) => one.refused);
    if (refused) {
      const reason = document.createElement("strong");
      reason.textContent = words.dataset.refused;
      const open = document.createElement("a");
      open.href = refused.page;
      open.textContent = words.dataset.open;
      words.append(reason, open);
    }
    words.append(button(words.dataset.drop, () => {
      if (!window.confirm(words.dataset.sure)) return;
      all.forEach(forget);
      draw();
    }));
  }

  function token() {
    return JSON.parse(document.body.getAttribute("hx-headers") || "{}")["X-CSRFToken"] || "";
  }

  async function sendOne(one) {
    const data = new FormData();
    one.fields.forEach(([name, value]) => data.append(name, value));
    const reply = await fetch(one.url, { method: "POST", body: data, headers: { "X-CSRFToken": token() }, credentials: "same-origin" });
    if (reply.redirected && !new URL(reply.url).pathname.startsWith(SIGN_IN)) {
      forget(one);
      return reply.url;
    }
    if (reply.status === 409 || reply.status === 422) {
      box((kept) => kept.setItem(one.key, JSON.stringify({ ...one, refused: true })));
    }
    return "";
  }

  async function send(asked) {
    if (sending) return;
    const all = waiting().filter((one) => asked || !one.refused);
    if (!all.length) return;
    sending = true;
    let went = "";
    let files = false;
    try {
      for (const one of all) {
        const url = await sendOne(one);
        if (url) {
          went = url;
          files = files || one.files;
        }
      }
    } catch (unreachable) {
      // Still away: everything stays as it is.
    }
    sending = false;
    draw();
    if (went) settled(went, files);
  }

  function settled(url, files) {
    const text = files ? `${words.dataset.sent} ${words.dataset.filesLater}` : words.dataset.sent;
    const shown = document.querySelector("form[data-pending]");
    document.dispatchEvent(new CustomEvent("toast", { detail: { text, level: "success", undo_url: "" } }));
    if (shown) window.location.assign(url);
  }

  // Forms that htmx sends: the request never left.
  window.addEventListener("htmx:sendError", (event) => {
    const form = event.target.closest && event.target.closest("form[data-once]");
    if (!form) return;
    event.stopPropagation();
    keep(form);
  }, true);

  // Every submit carries its key; a plain form asks first whether the server answers, so that nothing typed is lost to an error page.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("form[data-once]")) return;
    keyOf(form);
    if (form.matches("[hx-post]") || form.closest("#dialog-body") || form.dataset.reached) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const submitter = event.submitter;
    const limit = AbortSignal.timeout ? { signal: AbortSignal.timeout(6000) } : {};
    fetch(words.dataset.health, { cache: "no-store", ...limit }).then(() => {
      form.dataset.reached = "yes";
      form.requestSubmit(submitter);
    }, () => keep(form));
  }, true);

  window.addEventListener("online", () => send(false));
  document.addEventListener("htmx:load", draw);
  setInterval(() => { if (navigator.onLine && !document.hidden) send(false); }, 20000);
  draw();
  if (navigator.onLine) send(false);
})();
