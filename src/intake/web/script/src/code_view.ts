// The page with the code: copy, print, save as a picture, and the last group typed before the page lets go.
import { drawCard, svgOf } from "./card";
import { isComposing, one, warnBeforeLeaving } from "./page";
import { CODE_DIGITS, codeIn, digitsOf, groupsOf } from "./pickup_code";

type Root = Document | HTMLElement;

function shownCode(root: Root): string {
  return [...root.querySelectorAll("#code span")].map((group) => group.textContent).join("");
}

/** Puts a code that was made in the page into a copy of the code page's content. */
export function showCode(root: Root, code: string): void {
  const items = groupsOf(code).map((group) => {
    const [item, digits] = [document.createElement("li"), document.createElement("span")];
    digits.textContent = group;
    item.append(digits);
    return item;
  });
  one(root, "#code").replaceChildren(...items);
}

/** Makes the buttons and the confirmation work; `root` holds the content of the code page. */
export function startCodeView(root: Root): void {
  const code = shownCode(root);
  if (code.length !== CODE_DIGITS) return;
  offerCopy(root, code);
  const print = one(root, "[data-print]");
  print.hidden = false;
  print.addEventListener("click", () => window.print());
  offerPicture(root, code);
  showQr(root, code);
  askForLastGroup(root, code);
  forgetOnLeaving(root);
}

function offerCopy(root: Root, code: string): void {
  const button = one<HTMLButtonElement>(root, "[data-copy]");
  // Outside of secure contexts there is none, whatever the types say.
  const clipboard = navigator.clipboard as Clipboard | undefined;
  if (!clipboard) return;
  button.hidden = false;
  button.addEventListener("click", () => {
    clipboard.writeText(groupsOf(code).join(" ")).then(
      () => { button.textContent = button.dataset["done"] ?? ""; },
      // Refused by the browser: whoever looks for the button finds the digits above it.
      () => { button.hidden = true; },
    );
  });
}

function offerPicture(root: Root, code: string): void {
  const button = one(root, "[data-save]");
  button.hidden = false;
  button.addEventListener("click", () => {
    const canvas = drawCard(code, button.dataset["label"] ?? "");
    canvas.toBlob((picture) => {
      if (!picture) return;
      const link = document.createElement("a");
      link.href = URL.createObjectURL(picture);
      link.download = "card.png";
      link.click();
      // After the download has begun: at once would be too early in some browsers.
      setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
    }, "image/png");
  });
}

function showQr(root: Root, code: string): void {
  for (const place of root.querySelectorAll<HTMLElement>("[data-qr]")) place.replaceChildren(svgOf(code));
  one(root, "[data-qr-fold]").hidden = false;
}

function askForLastGroup(root: Root, code: string): void {
  one(root, "[data-plain]").hidden = true;
  const form = one(root, "[data-confirm]");
  form.hidden = false;
  const typed = one<HTMLInputElement>(root, "[data-confirm] input");
  const go = one<HTMLAnchorElement>(root, "[data-go]");
  const [right, wrong] = [one(root, "[data-right]"), one(root, "[data-wrong]")];
  warnBeforeLeaving("code", true);
  let confirmed = false;
  const check = (finished: boolean) => {
    const digits = digitsOf(typed.value);
    // Whoever pastes the whole code has it too.
    confirmed = digits === code.slice(-4) || codeIn(typed.value).code === code;
    right.hidden = !confirmed;
    wrong.hidden = confirmed || (digits.length < 4 && !finished);
    warnBeforeLeaving("code", !confirmed);
  };
  typed.addEventListener("input", () => check(false));
  typed.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || isComposing(event)) return;
    check(true);
    if (confirmed) go.click();
  });
  go.addEventListener("click", (event) => {
    check(true);
    if (confirmed) return;
    event.preventDefault();
    typed.focus();
  });
  one(root, "[data-anyway]").addEventListener("click", () => warnBeforeLeaving("code", false));
}

/** A page kept for the Back button keeps no code. */
function forgetOnLeaving(root: Root): void {
  window.addEventListener("pagehide", () => {
    // Leaving at once has emptied the page already.
    root.querySelector("#code")?.replaceChildren();
    root.querySelectorAll("[data-qr]").forEach((place) => place.replaceChildren());
    root.querySelectorAll("input").forEach((field) => { field.value = ""; });
  });
  window.addEventListener("pageshow", (event) => {
    const check = root.querySelector<HTMLAnchorElement>("[data-go]");
    if (event.persisted && check) location.replace(check.href);
  });
}
