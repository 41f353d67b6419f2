// The form: seals in the page where the browser can, and lets the server seal where it cannot. The page says which.
import { showCode, startCodeView } from "./code_view";
import { FilesField } from "./files_field";
import { startHints } from "./hints_view";
import type { Manifest } from "./manifest";
import { MILLISECONDS_A_DAY, canSeal, manifestOf } from "./ready";
import { startPage, warnBeforeLeaving, wordsIn, type Words } from "./page";
import { Submission } from "./submission";
import { tidy, tidyLine, wrongWith, type Tip } from "./tip";
import { clearProblems, inWords, sayWhoSeals, show, tell, tellField } from "./told";

/** What the server put into the page. */
interface Form {
  element: HTMLFormElement;
  button: HTMLButtonElement;
  word: Words;
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
    word: wordsIn(words.content),
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
    manifest = await manifestOf(form.element.dataset);
  } catch {
    refuse(form);
    return;
  }
  // A form that came back with something to change: its files are sealed already, and it goes the same way again.
  if (form.element.querySelector("input[name=files_kept]")) return;
  sayWhoSeals("browser");
  document.querySelectorAll("[data-fingerprint]").forEach((place) => {
    place.textContent = manifest.fingerprint.match(/.{4}/g)?.join(" ") ?? "";
  });
  new Sender(form, manifest).listen();
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
  private files: FilesField | undefined;

  constructor(private readonly form: Form, private readonly manifest: Manifest) {}

  listen(): void {
    const { element } = this.form;
    element.addEventListener("submit", this.submit);
    const box = element.querySelector<HTMLElement>("#attachments");
    if (box) this.files = new FilesField(box, this.form.word, this.form.data("attachments"), this.sayWhoCleans);
  }

  private readonly sayWhoCleans = (): void => {
    show("cleaned-by-server", this.files?.rows.some((row) => row.way === "server") ?? false);
  };

  private readonly submit = (event: Event): void => {
    event.preventDefault();
    warnBeforeLeaving("form", true);
    if (!this.sending) void this.send();
  };

  private async send(): Promise<void> {
    const { form } = this;
    const tip = typedTip(form.element);
    clearProblems();
    const wrong = wrongWith(tip);
    if (wrong) {
      tellField(form.word(wrong.key), form.word("text-kept"), wrong.field);
      return;
    }
    this.busy(true);
    try {
      const attachments = await this.files?.send(this.manifest.readersOf(tip.category, tip.onlyAbove)) ?? [];
      if (typeof attachments === "string") tell(attachments, form.word("text-kept"), "attachments");
      else await this.attempt({ ...tip, attachments });
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
        arrive(form, this.submission.code, outcome, this.files);
        break;
      case "refused":
        if (outcome.type === "problem-file-gone") this.files?.forgetSent();
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
    this.files?.giveBack();
    sayWhoSeals("server");
    tell(this.form.word("cannot-seal"), this.form.word("text-kept"));
  }

  private busy(busy: boolean): void {
    this.sending = busy;
    const { button } = this.form;
    // Not `disabled`, which would lose the focus of whoever pressed it with a key.
    button.setAttribute("aria-disabled", String(busy));
    button.textContent = this.form.word(busy ? "sending" : "send");
    if (!busy) show("working", false);
  }
}

function typedTip(form: HTMLFormElement): Tip {
  const fields = new FormData(form);
  const typed = (name: string, kept = tidyLine) => {
    const value = fields.get(name);
    return kept(typeof value === "string" ? value : "");
  };
  return {
    category: typed("category"),
    school: typed("school"),
    subject: typed("subject"),
    when: typed("when"),
    text: typed("text", tidy),
    language: document.documentElement.lang,
    onlyAbove: typed("only_above") === "yes",
  };
}

/** In place of the form, which goes from the page with all that was typed. */
function arrive(form: Form, code: string, { day, earlier }: { day: string; earlier: boolean }, files: FilesField | undefined): void {
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
  for (const link of view.querySelectorAll<HTMLAnchorElement>("[data-calendar]")) {
    link.href = (link.getAttribute("href") ?? "").replace("{due}", due.toISOString().slice(0, 10));
  }
  view.querySelectorAll<HTMLElement>("[data-earlier]").forEach((note) => { note.hidden = !earlier; });
  const list = view.querySelector("[data-sent-files]");
  for (const row of files?.rows ?? []) {
    const item = document.createElement("li");
    item.textContent = `${row.name} · ${row.sentence}`;
    list?.append(item);
    list?.parentElement?.removeAttribute("hidden");
  }
  files?.clear();
  form.element.reset();
  main.replaceChildren(view);
  warnBeforeLeaving("form", false);
  startCodeView(view);
  window.scrollTo(0, 0);
  view.querySelector<HTMLElement>("h1")?.focus();
}


start();
