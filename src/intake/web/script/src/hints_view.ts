// Shows under the text what might be made more general, with the words marked.
import { findHints, type Hint } from "./hints";

/** Long enough not to interrupt a sentence, in milliseconds. */
const PAUSE_MS = 700;
const SHOWN_MAX = 5;
const CONTEXT_CHARS = 12;

export function startHints(field: HTMLTextAreaElement, panel: HTMLElement, advice: (kind: string) => string): void {
  const list = panel.querySelector("ul");
  if (!list) return;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let shown = "";
  const look = () => {
    const hints = findHints(field.value).slice(0, SHOWN_MAX);
    const key = hints.map((hint) => hint.kind + field.value.slice(hint.start, hint.end)).join("\n");
    // The same again is not read out again.
    if (key === shown) return;
    shown = key;
    list.replaceChildren(...hints.map((hint) => item(field.value, hint, advice(hint.kind))));
    panel.hidden = hints.length === 0;
  };
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, PAUSE_MS);
  });
  look();
}

function item(text: string, hint: Hint, advice: string): HTMLElement {
  const [entry, quote, mark, words] = ["li", "q", "mark", "span"].map((tag) => document.createElement(tag));
  if (!entry || !quote || !mark || !words) throw new Error("four were made");
  mark.textContent = text.slice(hint.start, hint.end);
  const from = Math.max(0, hint.start - CONTEXT_CHARS);
  const to = Math.min(text.length, hint.end + CONTEXT_CHARS);
  quote.append(from > 0 ? "…" : "", text.slice(from, hint.start), mark, text.slice(hint.end, to), to < text.length ? "…" : "");
  words.textContent = advice;
  entry.append(quote, words);
  return entry;
}
