// The frame: theme, rail, menus, the command menu and the keys.
(function () {
  "use strict";
  const root = document.documentElement;
  const byId = (id) => document.getElementById(id);

  // Theme.
  const media = { auto: "(prefers-color-scheme: dark)", light: "not all", dark: "all" };

  function chooseTheme(theme) {
    document.cookie = `theme=${theme}; path=/; max-age=31536000; SameSite=Lax`;
    root.dataset.theme = theme;
    byId("dark-tokens").media = media[theme];
    document.querySelectorAll("[data-theme-choice]").forEach((choice) => {
      choice.setAttribute("aria-pressed", String(choice.dataset.themeChoice === theme));
    });
    announceTheme();
  }

  function announceTheme() {
    document.dispatchEvent(new CustomEvent("themechange"));
  }
  window.matchMedia("(prefers-color-scheme: dark)").addEventListener("change", announceTheme);

  // Rail.
  function foldRail() {
    const folded = root.dataset.rail !== "folded";
    if (folded) root.dataset.rail = "folded";
    else delete root.dataset.rail;
    try {
      localStorage.setItem("rail", folded ? "folded" : "open");
    } catch (refused) {
      // The choice then lasts for this page.
    }
    window.dispatchEvent(new Event("resize"));
  }

  // Command menu.
  function openCommand(text) {
    const command = byId("command");
    if (!command || command.open) return;
    const input = byId("command-input");
    closeMenus(null);
    command.showModal();
    input.value = text || "";
    filterCommands();
    if (input.value) input.dispatchEvent(new Event("input", { bubbles: true }));
    else byId("command-results").replaceChildren();
    input.focus();
  }

  function filterCommands() {
    const wanted = byId("command-input").value.trim().toLowerCase();
    byId("command-commands").querySelectorAll(".command-item").forEach((item) => {
      item.hidden = wanted !== "" && !item.textContent.toLowerCase().includes(wanted);
    });
    choose(0);
  }

  function commandItems() {
    return [...byId("command").querySelectorAll(".command-item")].filter((item) => !item.hidden);
  }

  function choose(place) {
    byId("command").querySelectorAll(".command-chosen").forEach((item) => item.classList.remove("command-chosen"));
    const items = commandItems();
    if (items[place]) items[place].classList.add("command-chosen");
    if (items[place]) items[place].scrollIntoView({ block: "nearest" });
  }

  function moveChoice(step) {
    const items = commandItems();
    const now = items.findIndex((item) => item.classList.contains("command-chosen"));
    if (items.length) choose((now + step + items.length) % items.length);
  }

  function commandKey(event) {
    if (event.key === "ArrowDown") moveChoice(1);
    else if (event.key === "ArrowUp") moveChoice(-1);
    else if (event.key === "Enter" && !event.isComposing) {
      const chosen = byId("command").querySelector(".command-chosen:not([hidden])");
      if (chosen) chosen.click();
    } else return;
    event.preventDefault();
  }

  function commandClick(event) {
    const item = event.target.closest("[data-command-dialog]");
    if (!item || !window.htmx) return;
    event.preventDefault();
    byId("command").close();
    window.htmx.ajax("GET", item.getAttribute("href"), { target: "#dialog-body", swap: "innerHTML" });
  }

  // Menus that are details elements.
  function closeMenus(except) {
    document.querySelectorAll("details[data-menu][open]").forEach((menu) => {
      if (menu !== except) menu.open = false;
    });
  }

  // Keys.
  let waitingForPlace = 0;

  function isTyping(target) {
    return target.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]") !== null;
  }

  function press(selector) {
    const found = [...document.querySelectorAll(selector)].filter((one) => !one.closest("dialog:not([open])"));
    const last = found.pop();
    if (last) last.click();
    return Boolean(last);
  }

  function goTo(letter) {
    const link = document.querySelector(`[data-go="${CSS.escape(letter)}"]`);
    if (link) window.location.assign(link.href);
    return Boolean(link);
  }

  function onKey(event) {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      openCommand("");
      return;
    }
    if (event.key === "Escape") return escape(event);
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (isTyping(event.target) || document.querySelector("dialog[open]")) return;
    const key = event.key.toLowerCase();
    const forPlace = Date.now() - waitingForPlace < 1200;
    waitingForPlace = 0;
    if (forPlace && goTo(key)) event.preventDefault();
    else if (key === "g") waitingForPlace = Date.now();
    else if (key === "/") { event.preventDefault(); openCommand(""); }
    else if (key === "?") byId("keys").showModal();
    else if (/^[a-z]$/.test(key) && press(`[data-key="${key}"]`)) event.preventDefault();
  }

  function escape(event) {
    const menu = event.target.closest && event.target.closest("details[data-menu][open]");
    closeMenus(null);
    if (menu) menu.querySelector("summary").focus();
  }

  // A ribbon wider than its place begins at the present stage.
  function showPresentStage(scope) {
    scope.querySelectorAll(".ribbon").forEach((ribbon) => {
      const present = ribbon.querySelector(".ribbon-current");
      if (present && ribbon.scrollWidth > ribbon.clientWidth) ribbon.scrollLeft = present.offsetLeft - ribbon.offsetLeft - 60;
    });
  }
  showPresentStage(document);
  document.addEventListener("htmx:load", (event) => showPresentStage(event.target));

  // A row of tabs that is wider than a phone begins at the one that is open.
  function showOpenTab(scope) {
    scope.querySelectorAll(".tabs > .tab-active, .tabs + .segments > [aria-current]").forEach((tab) => {
      const row = tab.parentElement;
      if (row.scrollWidth <= row.clientWidth) return;
      const { left, width } = tab.getBoundingClientRect();
      row.scrollLeft += left - row.getBoundingClientRect().left - (row.clientWidth - width) / 2;
    });
  }
  showOpenTab(document);
  document.addEventListener("htmx:load", (event) => showOpenTab(event.target));

  document.addEventListener("keydown", onKey);
  document.addEventListener("click", (event) => {
    closeMenus(event.target.closest("details[data-menu]"));
    const choice = event.target.closest("[data-theme-choice]");
    if (choice) chooseTheme(choice.dataset.themeChoice);
    if (event.target.closest("[data-rail-fold]")) foldRail();
    if (event.target.closest("[data-keys-open]")) { closeMenus(null); byId("keys").showModal(); }
  });
  const command = byId("command");
  if (command) {
    byId("command-input").addEventListener("input", filterCommands);
    byId("command-input").addEventListener("keydown", commandKey);
    command.addEventListener("click", commandClick);
    command.addEventListener("htmx:afterSwap", () => choose(0));
  }
  const search = document.querySelector("[data-command-open]");
  if (search) {
    search.addEventListener("mousedown", (event) => {
      event.preventDefault();
      openCommand(search.value);
    });
    search.addEventListener("input", () => {
      const typed = search.value;
      search.value = "";
      openCommand(typed);
    });
  }

  // Copying what is shown once.
  document.addEventListener("click", (event) => {
    const copy = event.target.closest("[data-copy]");
    if (!copy) return;
    const source = byId(copy.dataset.copy);
    source.select();
    const said = () => { copy.querySelector("span").textContent = copy.dataset.copied; };
    if (navigator.clipboard) navigator.clipboard.writeText(source.value).then(said, () => {});
    else if (document.execCommand("copy")) said();
  });
})();
