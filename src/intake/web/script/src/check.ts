// Coming back: the code stays in the page, which asks for the mailbox by its lookup, opens it, and seals what is said.
import { FilesField } from "./files_field";
import { deriveMailbox, type MailboxSecrets } from "./mailbox";
import type { Manifest } from "./manifest";
import { one, startPage, warnBeforeLeaving, wordsIn, type Words } from "./page";
import { codeIn } from "./pickup_code";
import { pickUp, type Mailbox } from "./pickup";
import { post } from "./post";
import { canSeal, manifestOf } from "./ready";
import { replyOf, type Said } from "./reply";
import { fill } from "./status_view";
import { saysNothing, tidy } from "./tip";
import { clearProblems, sayWhoSeals, tell, tellField } from "./told";

/** What is said once it is sent, where that is not what is said of an addition. */
const DONE: Record<string, string> = { read: "read-sent", aftercare: "aftercare-sent", withdrawal: "withdraw-sent" };

const language = document.documentElement.lang;

/** How long what is loaded beside the page is waited for, in milliseconds. */
const PATIENCE_MS = 30_000;

/** What is the same for everyone, and comes packed: the page behind a code, its words, and the office's keys. */
interface Parts {
  page: Document;
  word: Words;
  manifest: Manifest;
}

/** By way of the one reader of HTML that runs nothing of it and that strict pages may use. */
function fetchParts(url: string): Promise<Document | null> {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open("GET", url);
    request.responseType = "document";
    request.timeout = PATIENCE_MS;
    request.onloadend = () => resolve(request.status === 200 ? request.responseXML : null);
    request.send();
  });
}

async function partsFrom(url: string): Promise<Parts | undefined> {
  const page = await fetchParts(url);
  const keys = page?.querySelector<HTMLElement>("[data-manifest]");
  if (!page || !keys) return undefined;
  return { page, word: wordsIn(page), manifest: await manifestOf(keys.dataset) };
}

/** The first page: one field. */
class Door {
  private readonly word: Words;
  private readonly able = canSeal();
  private parts: Promise<Parts | undefined> | undefined;
  private busy = false;

  constructor(private readonly form: HTMLFormElement) {
    this.word = wordsIn(one<HTMLTemplateElement>(document, "#words").content);
    form.addEventListener("submit", this.submit);
    void this.able.then((able) => {
      // The page says already who opens then.
      if (!able) form.removeEventListener("submit", this.submit);
      else this.load().catch(() => undefined);
    });
  }

  /** Tried again with the next press where it did not come: a poor line is no reason to give the code away. */
  private load(): Promise<Parts | undefined> {
    this.parts ??= partsFrom(this.form.dataset["parts"] ?? "").then((parts) => {
      if (parts) sayWhoSeals("browser");
      else this.parts = undefined;
      return parts;
    });
    return this.parts;
  }

  private readonly submit = (event: Event): void => {
    event.preventDefault();
    if (this.busy) return;
    this.busy = true;
    void this.open().finally(() => { this.busy = false; });
  };

  private async open(): Promise<void> {
    clearProblems();
    const { code, wrong } = codeIn(one<HTMLInputElement>(this.form, "#pickup_code").value);
    if (wrong) return this.refuse(wrong);
    if (!(await this.able)) return this.letServerOpen();
    let parts: Parts | undefined;
    try {
      parts = await this.load();
    } catch {
      // Keys that do not check out: nothing can be sealed to them, and this place is not to be trusted with a code.
      return tell(this.word("keys-wrong"), "");
    }
    if (!parts) return this.unanswered();
    const api = this.form.dataset["api"] ?? "";
    const secrets = await deriveMailbox(code, parts.manifest.slug);
    const mailbox = await pickUp(`${api}/sealed-pickups`, secrets, language);
    if (mailbox === undefined) this.unanswered();
    else if (mailbox === "unknown") this.refuse("problem-code-unknown");
    else if ("title" in mailbox) tell(mailbox.title, "");
    else new Room(parts, api, secrets, mailbox).show();
  }

  private refuse(key: string): void {
    tellField(this.word(key), "", "pickup_code");
  }

  private unanswered(): void {
    tell(this.word(navigator.onLine ? "check-unanswered" : "check-offline"), "");
  }

  /** Pressed before it was known: the next press posts the form. */
  private letServerOpen(): void {
    tell(this.word("check-not-here"), this.word("check-cannot-open"));
  }
}

/** The page behind a code. */
class Room {
  private readonly main = one(document, "#main");
  private readonly word: Words;
  private files: FilesField | undefined;
  private busy = false;

  constructor(
    private readonly parts: Parts,
    private readonly api: string,
    private readonly secrets: MailboxSecrets,
    private readonly mailbox: Mailbox,
  ) {
    this.word = parts.word;
  }

  show(): void {
    const view = this.bring("status-view");
    fill(view, this.mailbox, this.word);
    const box = view.querySelector<HTMLElement>("#attachments");
    if (box) this.files = new FilesField(box, this.word, `${this.api}/attachments`, () => undefined);
    view.addEventListener("submit", (event) => {
      event.preventDefault();
      if (event.target instanceof HTMLFormElement) void this.send(event.target);
    });
    // A page kept for the Back button keeps nothing of it.
    window.addEventListener("pagehide", () => this.main.replaceChildren());
    window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
  }

  /** Puts a part in place of all that stands in the page. */
  private bring(id: string): HTMLElement {
    clearProblems();
    const template = one<HTMLTemplateElement>(this.parts.page, `#${id}`);
    this.main.replaceChildren(document.importNode(template.content, true));
    warnBeforeLeaving("form", false);
    window.scrollTo(0, 0);
    one(this.main, "h1").focus();
    return one(this.main, ":scope > *");
  }

  private async send(form: HTMLFormElement): Promise<void> {
    if (this.busy) return;
    clearProblems();
    const said = this.saidIn(form);
    if (!said) return;
    this.busy = true;
    if ("guard" in form.dataset) warnBeforeLeaving("form", true);
    const button = one(form, "button[type=submit]");
    button.setAttribute("aria-disabled", "true");
    try {
      await this.say(said, form);
    } catch {
      tell(this.word("check-cannot-seal"), this.word("text-kept"));
    } finally {
      this.busy = false;
      button.removeAttribute("aria-disabled");
    }
  }

  /** What a form says; nothing where something is missing, which is told. */
  private saidIn(form: HTMLFormElement): Said | undefined {
    const fields = new FormData(form);
    const typed = (name: string) => tidy(String(fields.get(name) ?? ""));
    const text = typed("text");
    const missing = (field: string, key = "problem-unanswered"): undefined => tellField(this.word(key), this.word("text-kept"), field) as undefined;
    switch (form.dataset["says"]) {
      case "aftercare": {
        const [stopped, badly] = [typed("stopped"), typed("treated_badly")];
        if (!stopped) return missing("stopped");
        if (!badly) return missing("treated_badly");
        const after = Number(one(this.main, "[data-aftercare]").dataset["aftercare"]);
        return { kind: "aftercare", after_days: after, stopped, treated_badly: badly === "yes", text };
      }
      case "withdrawal":
        if ([...text].length > 100_000) return missing("why", "problem-text-too-long");
        return { kind: "withdrawal", text };
      case "read":
        return { kind: "read", messages: this.mailbox.messages.length };
      case "farewell":
        return typed("sure") ? { kind: "farewell" } : missing("sure", "problem-not-sure");
      default:
        if (saysNothing(text)) return missing("text", typed("objection") ? "problem-empty-objection" : "problem-empty-addition");
        if ([...text].length > 100_000) return missing("text", "problem-text-too-long");
        return { kind: typed("objection") ? "objection" : typed("correction") ? "correction" : "addition", text };
    }
  }

  private async say(said: Said, form: HTMLFormElement): Promise<void> {
    const { parts, mailbox, word } = this;
    const readers = parts.manifest.readersCalled(mailbox.addressee);
    if (!readers) throw new Error("nobody to seal to");
    const files = form.dataset["says"] === "reply" ? this.files : undefined;
    const attachments = await files?.send(readers) ?? [];
    if (typeof attachments === "string") return tell(attachments, word("text-kept"), "attachments");
    const body = await replyOf(said, attachments, parts.manifest.slug, readers, mailbox.today, this.secrets);
    const answer = await post(`${this.api}/sealed-pickups/replies`, body, language);
    if (answer?.status === 201) return this.arrive(said, form, files);
    if (String(answer?.body["type"]).endsWith("problem-file-gone")) files?.forgetSent();
    const title = answer?.body["title"];
    tell(typeof title === "string" ? title : word(navigator.onLine ? "unanswered" : "offline"), word("text-kept"));
  }

  /** The words that have just gone stay on this page, and what was asked is answered. */
  private showSent(text: string): void {
    const box = one(this.main, "[data-just-sent]");
    one(box, "[data-just-words]").textContent = text;
    box.hidden = text === "";
    const asked = this.main.querySelector("[data-question]");
    if (!asked) return;
    const heading = document.createElement("h1");
    heading.tabIndex = -1;
    const status = one(this.main, "[data-status]");
    heading.textContent = status.textContent;
    heading.dataset["status"] = "";
    status.replaceWith(heading);
    asked.remove();
  }

  private arrive(said: Said, form: HTMLFormElement, files: FilesField | undefined): void {
    if (said.kind === "farewell") {
      this.bring("forgotten-view");
      return;
    }
    form.reset();
    files?.clear();
    warnBeforeLeaving("form", false);
    // What is answered is not asked again.
    if (said.kind === "read") form.hidden = true;
    if (said.kind === "aftercare") one(this.main, "[data-aftercare]").hidden = true;
    const done = one(this.main, "[data-done]");
    done.textContent = this.word(DONE[said.kind] ?? "reply-sent");
    if (said.kind !== "read") this.showSent(said.text);
    done.hidden = false;
    window.scrollTo(0, 0);
    done.focus();
  }
}

startPage();
const form = document.querySelector<HTMLFormElement>("form[data-parts]");
if (form) new Door(form);
