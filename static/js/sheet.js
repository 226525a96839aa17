// A judge's score sheet: every change is sent by itself, each sending once (its key tells), and kept in this browser until the
// server has it. While the network is away nothing is lost; when another page of the same judge wrote meanwhile, it is asked what holds.
(function () {
  "use strict";
  const form = document.querySelector("form[data-sheet]");
  if (!form) return;
  const said = form.querySelector("[data-sheet-said]");
  const place = `sheet:${document.body.dataset.account}:${form.dataset.sheetKey}`;
  let pending = read();
  let timer = 0;
  let sending = false;

  function read() {
    try {
      return JSON.parse(localStorage.getItem(place) || "null");
    } catch (refused) {
      return null;
    }
  }

  function store() {
    try {
      if (pending) localStorage.setItem(place, JSON.stringify(pending));
      else localStorage.removeItem(place);
    } catch (refused) {
      // A browser without storage still sends at once.
    }
  }

  function newKey() {
    if (crypto.randomUUID) return crypto.randomUUID();
    return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  }

  function say(text, button) {
    said.replaceChildren(document.createTextNode(text));
    if (button) said.append(button);
  }

  // What was typed since the last sending that the server has; a new key for new content.
  function note(field) {
    const fields = { ...(pending ? pending.fields : {}), [field.name]: field.value };
    pending = { fields, key: newKey(), seen: form.elements.seen.value };
    store();
    clearTimeout(timer);
    timer = setTimeout(send, 500);
  }

  async function send() {
    if (sending || !pending) return;
    sending = true;
    const sent = pending;
    const data = new FormData();
    Object.entries(sent.fields).forEach(([name, value]) => data.append(name, value));
    data.append("key", sent.key);
    data.append("seen", sent.seen);
    say(form.dataset.saving);
    try {
      const token = form.elements.csrfmiddlewaretoken.value;
      const reply = await fetch(form.dataset.sheet, { method: "POST", body: data, headers: { "X-CSRFToken": token }, credentials: "same-origin" });
      if (reply.redirected || !(reply.headers.get("Content-Type") || "").includes("json")) throw new Error("no answer");
      const answer = await reply.json();
      if (reply.ok) {
        form.elements.seen.value = answer.version;
        if (pending === sent) pending = null;
        else pending.seen = answer.version;
        store();
        say(`${form.dataset.saved} ${answer.saved_at}`);
      } else {
        refused(reply.status, answer);
      }
    } catch (lost) {
      say(form.dataset.kept);
    } finally {
      sending = false;
    }
    if (pending && pending !== sent) send();
  }

  function refused(status, answer) {
    if (status !== 409) {
      say(answer.message);
      return;
    }
    const mine = document.createElement("button");
    mine.type = "button";
    mine.className = "button button-default";
    mine.textContent = form.dataset.mine;
    mine.addEventListener("click", () => {
      pending = { ...pending, key: newKey(), seen: answer.version };
      form.elements.seen.value = answer.version;
      store();
      send();
    });
    say(answer.message, mine);
  }

  // What waited from before the page was left is shown again and sent.
  if (pending) {
    Object.entries(pending.fields).forEach(([name, value]) => {
      if (form.elements[name]) form.elements[name].value = value;
    });
    send();
  }
  form.addEventListener("input", (event) => {
    if (event.target.name && (event.target.name.startsWith("points_") || event.target.name === "remark")) note(event.target);
  });
  // First what was typed, then the button: when the sending fails, everything is still kept here.
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = event.submitter;
    form.querySelectorAll("[name^=points_], [name=remark]").forEach((field) => {
      if (field.value !== "") note(field);
    });
    clearTimeout(timer);
    await send();
    if (pending) return;
    if (button && button.name) {
      const carried = document.createElement("input");
      carried.type = "hidden";
      carried.name = button.name;
      carried.value = button.value;
      form.append(carried);
    }
    // The button's name hides the form's own method.
    HTMLFormElement.prototype.submit.call(form);
  });
  window.addEventListener("online", send);
  setInterval(() => { if (pending && !sending && navigator.onLine) send(); }, 5000);
})();
