// What every page does: leaves at once, warns before something is lost, forgets what was typed.

/** The words that the server put into the page, by the names they are known under here. */
export type Words = (key: string) => string;

export function wordsIn(root: ParentNode): Words {
  return (key) => root.querySelector(`[data-word="${key}"]`)?.textContent ?? "";
}

/** What the page must have. */
export function one<T extends HTMLElement>(root: ParentNode, css: string): T {
  const found = root.querySelector<T>(css);
  if (!found) throw new Error(`no ${css}`);
  return found;
}

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

/** Whether a key picks a word of an input method, as Safari says it too: its Enter comes after the word, with this code. */
export function isComposing(event: KeyboardEvent): boolean {
  return event.isComposing || event.keyCode === 229;
}

/** An Enter that picks a word sends no form. */
function pickWords(): void {
  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && isComposing(event) && event.target instanceof HTMLInputElement) event.preventDefault();
  });
}

function quickExit(): void {
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element && event.target.closest<HTMLAnchorElement>("a[data-exit]");
    if (!link) return;
    event.preventDefault();
    leaveAtOnce(link.href);
  });
  let presses: number[] = [];
  document.addEventListener("keydown", (event) => {
    const first = document.querySelector<HTMLAnchorElement>("a[data-exit]");
    if (event.key !== "Escape" || isComposing(event) || !first) return;
    presses = [...presses.filter((at) => event.timeStamp - at < 2000), event.timeStamp];
    if (presses.length >= 3) leaveAtOnce(first.href);
  });
}

function guardForms(): void {
  const guard = (event: Event) => {
    const guarded = event.target instanceof Element && event.target.closest("form[data-guard]");
    if (guarded) warnBeforeLeaving("form", event.type === "input");
  };
  document.addEventListener("input", guard);
  // Before the form's own script, which may have it otherwise.
  document.addEventListener("submit", guard, true);
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

let started = false;

/** Once, however many of a page's scripts ask for it. */
export function startPage(): void {
  if (started) return;
  started = true;
  quickExit();
  pickWords();
  guardForms();
  document.getElementById("summary")?.focus();
}
