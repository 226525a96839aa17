// Naming colleagues while a follow-up is written: after an @ the names appear; arrows choose, Enter or Tab takes, Esc leaves.
(function () {
  "use strict";
  let list = null;
  let place = null;
  let timer = 0;
  let asked = 0;

  function typed(area) {
    const before = area.value.slice(0, area.selectionStart);
    const found = before.match(/(?:^|[^0-9A-Za-z._-])@([^\s@，。；、：（）()]{0,12})$/);
    return found ? found[1] : null;
  }

  function close() {
    if (list) list.remove();
    if (place) {
      place.removeAttribute("aria-activedescendant");
      place.removeAttribute("aria-controls");
    }
    list = null;
    place = null;
  }

  function choose(index) {
    const items = [...list.children];
    items.forEach((item, at) => item.setAttribute("aria-selected", String(at === index)));
    place.setAttribute("aria-activedescendant", items[index].id);
    items[index].scrollIntoView({ block: "nearest" });
  }

  function chosen() {
    return [...list.children].findIndex((item) => item.getAttribute("aria-selected") === "true");
  }

  function take(item) {
    const area = place;
    const word = typed(area) || "";
    const end = area.selectionStart;
    area.setRangeText(`${item.dataset.insert} `, end - word.length, end, "end");
    close();
    area.focus();
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function show(area, names) {
    close();
    if (!names.length) return;
    place = area;
    list = document.createElement("ul");
    list.className = "mention-list";
    list.id = "mention-list";
    list.setAttribute("role", "listbox");
    names.forEach((one, at) => {
      const item = document.createElement("li");
      item.id = `mention-${at}`;
      item.setAttribute("role", "option");
      item.dataset.insert = one.insert;
      const name = document.createElement("strong");
      name.textContent = one.name;
      const detail = document.createElement("span");
      detail.textContent = one.detail;
      item.append(name, detail);
      item.addEventListener("mousedown", (event) => { event.preventDefault(); take(item); });
      list.append(item);
    });
    area.after(list);
    area.setAttribute("aria-controls", list.id);
    choose(0);
  }

  async function ask(area) {
    const word = typed(area);
    if (word === null) return close();
    const turn = ++asked;
    try {
      const reply = await fetch(`${area.dataset.mention}?q=${encodeURIComponent(word)}`, { headers: { Accept: "application/json" } });
      if (!reply.ok || turn !== asked) return;
      const names = (await reply.json()).names;
      if (turn === asked && typed(area) !== null) show(area, names);
    } catch (unreachable) {
      close();
    }
  }

  document.addEventListener("input", (event) => {
    if (!event.target.matches("[data-mention]")) return;
    clearTimeout(timer);
    timer = setTimeout(() => ask(event.target), 150);
  });
  document.addEventListener("keydown", (event) => {
    if (!list || event.target !== place || event.isComposing) return;
    const count = list.children.length;
    if (event.key === "ArrowDown") choose((chosen() + 1) % count);
    else if (event.key === "ArrowUp") choose((chosen() + count - 1) % count);
    else if (event.key === "Enter" || event.key === "Tab") take(list.children[chosen()]);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }, true);
  document.addEventListener("focusout", (event) => { if (event.target === place) close(); });
})();
