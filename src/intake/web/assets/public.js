// Leaves at once, copies and prints the code, warns before a filled form is left. Pages work without it.
"use strict";
(() => {
  const leave = (url) => {
    document.documentElement.replaceChildren();
    location.replace(url);
  };
  const exit = document.querySelector("[data-exit]");
  let guarded = false;
  document.querySelectorAll("[data-exit]").forEach((link) => {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      guarded = false;
      leave(link.href);
    });
  });
  let presses = [];
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.isComposing || !exit) return;
    presses = [...presses.filter((at) => event.timeStamp - at < 2000), event.timeStamp];
    if (presses.length >= 3) {
      guarded = false;
      leave(exit.href);
    }
  });
  document.querySelectorAll("[data-copy]").forEach((button) => {
    if (!navigator.clipboard) return;
    button.hidden = false;
    button.addEventListener("click", async () => {
      const source = document.getElementById(button.dataset.copy);
      const groups = [...source.querySelectorAll("span")].map((group) => group.textContent);
      await navigator.clipboard.writeText(groups.join(" "));
      button.textContent = button.dataset.done;
    });
  });
  document.querySelectorAll("[data-print]").forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => window.print());
  });
  document.querySelectorAll("form[data-guard]").forEach((form) => {
    form.addEventListener("input", () => { guarded = true; });
    form.addEventListener("submit", () => { guarded = false; });
  });
  window.addEventListener("beforeunload", (event) => {
    if (guarded) event.preventDefault();
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) document.querySelectorAll("form").forEach((form) => form.reset());
  });
  const summary = document.getElementById("summary");
  if (summary) summary.focus();
})();
