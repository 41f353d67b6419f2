// What every page does: leaves at once, warns before something is lost, forgets what was typed.

/** Reasons not to leave without a warning. */
const reasons = new Set<string>();

export function warnBeforeLeaving(reason: string, warn: boolean): void {
  if (warn) reasons.add(reason);
  else reasons.delete(reason);
}

function leaveAtOnce(url: string): void {
  reasons.clear();
  document.documentElement.replaceChildren();
  location.replace(url);
}

function quickExit(): void {
  const links = [...document.querySelectorAll<HTMLAnchorElement>("a[data-exit]")];
  for (const link of links) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      leaveAtOnce(link.href);
    });
  }
  let presses: number[] = [];
  document.addEventListener("keydown", (event) => {
    const [first] = links;
    if (event.key !== "Escape" || event.isComposing || !first) return;
    presses = [...presses.filter((at) => event.timeStamp - at < 2000), event.timeStamp];
    if (presses.length >= 3) leaveAtOnce(first.href);
  });
}

function guardForms(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-guard]")) {
    form.addEventListener("input", () => warnBeforeLeaving("form", true));
    form.addEventListener("submit", () => warnBeforeLeaving("form", false));
  }
  window.addEventListener("beforeunload", (event) => {
    if (reasons.size === 0) return;
    event.preventDefault();
    // What older browsers look at.
    event.returnValue = "";
  });
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) document.querySelectorAll("form").forEach((form) => form.reset());
  });
}

export function startPage(): void {
  quickExit();
  guardForms();
  document.getElementById("summary")?.focus();
}
