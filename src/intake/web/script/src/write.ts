// The form: seals in the page where the browser can, and lets the server seal where it cannot. The page says which.
import { showCode, startCodeView } from "./code_view";
import { startHints } from "./hints_view";
import { verifyManifest, type Manifest } from "./manifest";
import { startPage, warnBeforeLeaving } from "./page";
import { Submission } from "./submission";
import { tidy, wrongWith, type Tip, type Wrong } from "./tip";

const MILLISECONDS_A_DAY = 86_400_000;

/** What the server put into the page. */
interface Form {
  element: HTMLFormElement;
  button: HTMLButtonElement;
  word(key: string): string;
  data(name: string): string;
}

function start(): void {
  startPage();
  const element = document.querySelector<HTMLFormElement>("form[data-manifest]");
  const button = element?.querySelector<HTMLButtonElement>("button[type=submit]");
  const words = document.querySelector<HTMLTemplateElement>("#words");
  if (!element || !button || !words) return;
  const form: Form = {
    element,
    button,
    word: (key) => words.content.querySelector(`[data-word="${key}"]`)?.textContent ?? "",
    data: (name) => element.dataset[name] ?? "",
  };
  const text = element.querySelector<HTMLTextAreaElement>("#text");
  const panel = document.getElementById("hints");
  if (text && panel) startHints(text, panel, (kind) => form.word(`hint-${kind}`));
  void sealHereIfPossible(form);
}

async function sealHereIfPossible(form: Form): Promise<void> {
  if (!(await canSeal())) return;
  let manifest: Manifest;
  try {
    manifest = await verifyManifest(form.data("manifest"), form.data("manifestKey"), latestDay(form.data("today")));
    if (manifest.slug !== form.data("office")) throw new Error("another office's");
  } catch {
    refuse(form);
    return;
  }
  sayWhoSeals(hasFiles(form.element) ? "server" : "browser");
  document.querySelectorAll("[data-fingerprint]").forEach((place) => {
    place.textContent = manifest.fingerprint.match(/.{4}/g)?.join(" ") ?? "";
  });
  new Sender(form, manifest).listen();
}

/** The server's day, or this device's if it is later: an old manifest is not made good by a server that says so. */
function latestDay(today: string): string {
  // A day less, since days begin elsewhere at another time.
  const here = new Date(Date.now() - MILLISECONDS_A_DAY).toISOString().slice(0, 10);
  return here > today ? here : today;
}

/** A secure context, and the two curves in WebCrypto: one to seal with, one to check the manifest with. */
async function canSeal(): Promise<boolean> {
  try {
    const usages: KeyUsage[] = ["deriveBits"];
    await crypto.subtle.generateKey("X25519", false, usages);
    await crypto.subtle.importKey("raw", new Uint8Array(32), "Ed25519", false, ["verify"]);
    return typeof TransformStream === "function";
  } catch {
    return false;
  }
}

/** Keys that do not check out are sealed to by nobody: neither here nor through the server that showed them. */
function refuse(form: Form): void {
  form.button.disabled = true;
  show("sealed-by-server", false);
  tell(form.word("keys-wrong"), "");
}

class Sender {
  private submission: Submission | undefined;
  private sending = false;

  constructor(private readonly form: Form, private readonly manifest: Manifest) {}

  listen(): void {
    const { element } = this.form;
    element.addEventListener("submit", this.submit);
    element.addEventListener("change", () => sayWhoSeals(hasFiles(element) ? "server" : "browser"));
  }

  private readonly submit = (event: Event): void => {
    // Files go the other way: what is chosen is never left behind unsaid.
    if (!this.sending && hasFiles(this.form.element)) return;
    event.preventDefault();
    warnBeforeLeaving("form", true);
    if (!this.sending) void this.send();
  };

  private async send(): Promise<void> {
    const tip = typedTip(this.form.element);
    clearProblems();
    const wrong = wrongWith(tip);
    if (wrong) {
      showWrong(this.form, wrong);
      return;
    }
    this.busy(true);
    try {
      await this.attempt(tip);
    } finally {
      this.busy(false);
    }
  }

  private async attempt(tip: Tip): Promise<void> {
    const { form } = this;
    this.submission ??= new Submission(form.data("sealed"), this.manifest, form.data("today"), tip.language);
    try {
      await this.submission.prepare(tip);
    } catch {
      this.letServerSeal();
      return;
    }
    const outcome = await this.submission.send();
    switch (outcome.kind) {
      case "stored":
        arrive(form, this.submission.code, outcome.day, outcome.earlier);
        break;
      case "refused":
        tell(outcome.title, form.word("text-kept"));
        break;
      case "unanswered":
        tell(form.word(navigator.onLine ? "unanswered" : "offline"), form.word("still-here"));
    }
  }

  /** Only where nothing was sent yet: the next press of the button posts the form, under the server's code. */
  private letServerSeal(): void {
    if (this.submission?.mayBeStored) {
      tell(this.form.word("unanswered"), this.form.word("still-here"));
      return;
    }
    this.form.element.removeEventListener("submit", this.submit);
    sayWhoSeals("server");
    tell(this.form.word("cannot-seal"), this.form.word("text-kept"));
  }

  private busy(busy: boolean): void {
    this.sending = busy;
    const { button } = this.form;
    // Not `disabled`, which would lose the focus of whoever pressed it with a key.
    button.setAttribute("aria-disabled", String(busy));
    button.textContent = this.form.word(busy ? "sending" : "send");
  }
}

/** Chosen now, or kept by the server from a form that came back with something to change. */
function hasFiles(form: HTMLFormElement): boolean {
  if (form.querySelector("input[name=files_kept]")) return true;
  return [...form.querySelectorAll<HTMLInputElement>("input[type=file]")].some((field) => (field.files?.length ?? 0) > 0);
}

function sayWhoSeals(who: "browser" | "server"): void {
  show("sealed-by-server", who === "server");
  show("sealed-by-browser", who === "browser");
}

function typedTip(form: HTMLFormElement): Tip {
  const fields = new FormData(form);
  const typed = (name: string) => {
    const value = fields.get(name);
    return tidy(typeof value === "string" ? value : "");
  };
  return {
    category: typed("category"),
    school: typed("school"),
    subject: typed("subject"),
    when: typed("when"),
    text: typed("text"),
    language: document.documentElement.lang,
  };
}

/** In place of the form, which goes from the page with all that was typed. */
function arrive(form: Form, code: string, day: string, earlier: boolean): void {
  const template = document.querySelector<HTMLTemplateElement>("#code-view");
  const main = document.getElementById("main");
  if (!template || !main) return;
  const view = document.createElement("div");
  clearProblems();
  view.append(template.content.cloneNode(true));
  showCode(view, code);
  const due = new Date(Date.parse(day) + Number(form.data("acknowledgeDays")) * MILLISECONDS_A_DAY);
  for (const place of view.querySelectorAll("[data-dates]")) {
    place.textContent = (place.textContent ?? "").replace("{day}", inWords(new Date(day))).replace("{due}", inWords(due));
  }
  view.querySelectorAll<HTMLElement>("[data-earlier]").forEach((note) => { note.hidden = !earlier; });
  form.element.reset();
  main.replaceChildren(view);
  warnBeforeLeaving("form", false);
  startCodeView(view);
  window.scrollTo(0, 0);
  view.querySelector<HTMLElement>("h1")?.focus();
}

function inWords(day: Date): string {
  const lang = document.documentElement.lang;
  const locale = lang === "en" ? "en-GB" : lang;
  return new Intl.DateTimeFormat(locale, { dateStyle: "long", timeZone: "UTC" }).format(day);
}

function show(name: string, shown: boolean): void {
  document.querySelectorAll<HTMLElement>(`[data-when="${name}"]`).forEach((place) => { place.hidden = !shown; });
}

function titleOf(title: string): string {
  return document.querySelector<HTMLElement>("#problem")?.dataset["title"]?.replace("{title}", title) ?? document.title;
}

function tell(title: string, note: string, anchor = ""): void {
  const box = document.getElementById("problem");
  const [heading, words] = [box?.querySelector("a"), box?.querySelector("p")];
  if (!box || !heading || !words) return;
  heading.textContent = title;
  if (anchor === "") heading.removeAttribute("href");
  else heading.setAttribute("href", `#${anchor}`);
  words.textContent = note;
  // What a screen reader says first, and a tab shows.
  document.title = titleOf(title);
  box.hidden = false;
  box.focus();
}

function showWrong(form: Form, wrong: Wrong): void {
  const words = document.createElement("p");
  words.className = "wrong";
  words.dataset["problem"] = "";
  words.textContent = form.word(wrong.key);
  const field = document.getElementById(wrong.field);
  if (field instanceof HTMLFieldSetElement) field.querySelector("legend")?.after(words);
  else field?.before(words);
  field?.closest(".field")?.classList.add("bad");
  tell(words.textContent, form.word("text-kept"), wrong.field);
}

function clearProblems(): void {
  document.title = document.querySelector<HTMLElement>("#problem")?.dataset["neutral"] ?? document.title;
  document.querySelectorAll("[data-problem]").forEach((words) => words.remove());
  document.querySelectorAll(".field.bad").forEach((field) => field.classList.remove("bad"));
  for (const id of ["problem", "summary"]) {
    const box = document.getElementById(id);
    if (box) box.hidden = true;
  }
}

start();
