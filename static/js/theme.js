// Runs before the first paint: what this browser remembers about the frame. The theme's sheet is chosen by the server.
(function () {
  "use strict";
  try {
    if (localStorage.getItem("rail") === "folded") document.documentElement.dataset.rail = "folded";
  } catch (refused) {
    // A browser without storage shows the open rail.
  }
})();
