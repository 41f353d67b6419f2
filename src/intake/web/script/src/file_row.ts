// One file of a form: what it is, what was found in it, how it shall go, and how far it is.
import { bytesOf } from "./attachment";
import { HEAD_BYTES, TAIL_BYTES, endingOf, look } from "./file_kind";
import { cleanName } from "./file_name";
import { text } from "./metadata/bytes";
import { Stripper, type Report, type What } from "./metadata/index";
import { one, type Words } from "./page";

/** Cleaned in the page, cleaned by intake in its memory, or sent with all that is in it. */
export type Way = "here" | "server" | "as-it-is";

/** As the sealed document names it: src/sealing/tip/attachment.rs. */
export interface Attachment {
  id: string;
  name: string;
  media_type: string;
  size_bytes: number;
  sha256: string;
  /** Only where it is so: src/sealing/tip/attachment.rs. */
  labelled_origin?: true;
  under_password?: true;
}

/** How a document names the stream in which Office keeps it under a password, letter by letter in two bytes. */
const LOCKED = [..."EncryptedPackage"].map((letter) => `${letter}\0`).join("");

const MEGABYTE = 1_000_000;

export class Row {
  readonly element: HTMLElement;
  name: string;
  /** How it goes; `undefined` until someone chose. */
  way: Way | undefined;
  mediaType = "";
  /** The key or the words of what keeps it from being sent. */
  wrong = "";
  sent: { to: string; way: Way; attachment: Attachment } | undefined;
  abort: AbortController | undefined;
  /** Done once the file was looked at. */
  looked: Promise<void> = Promise.resolve();
  private report: Report | undefined;
  private locked = false;

  constructor(readonly file: File, template: HTMLTemplateElement, private readonly words: Words, number: number) {
    const copy = template.content.cloneNode(true) as DocumentFragment;
    this.element = one(copy, "li");
    this.name = cleanName(file.name);
    const name = this.part("name");
    name.id = `file-${number}`;
    name.textContent = this.name;
    this.part("size").textContent = ` ${sizeInWords(file.size, words)}`;
    this.part("bar").setAttribute("aria-labelledby", name.id);
    this.element.querySelectorAll("button").forEach((button) => button.setAttribute("aria-describedby", name.id));
    this.element.querySelectorAll("input").forEach((choice) => {
      choice.name = `way-${number}`;
      choice.addEventListener("change", () => this.goes(choice.value as Way));
    });
  }

  get ending(): string {
    return endingOf(this.name);
  }

  /** Calls `act` when the button is pressed. */
  on(button: "retry" | "cancel" | "remove", act: () => void): void {
    this.part(button).addEventListener("click", act);
  }

  /** Looks at the file, as far as its kind allows, and shows what there is to say. Nothing is sent. */
  look(): void {
    this.looked = this.lookInto();
  }

  private async lookInto(): Promise<void> {
    const { file } = this;
    const part = async (from: number, to: number) => new Uint8Array(await file.slice(from, to).arrayBuffer());
    let found;
    try {
      found = look(this.name, await part(0, HEAD_BYTES), await part(Math.max(0, file.size - TAIL_BYTES), file.size));
      if (typeof found !== "string" && found.cleaned === "here") await this.findIn(file);
    } catch {
      found = "problem-file-cut-short";
    }
    if (typeof found === "string") {
      this.fail(this.words(found));
      return;
    }
    this.mediaType = found.type;
    this.name = found.name;
    this.part("name").textContent = found.name;
    if (found.mayBeLocked) this.locked = await this.isLocked(file);
    if (found.cleaned === "server") this.offer("server", "as-it-is");
    else if (this.report?.found.length) this.offer("here", "as-it-is");
    if (found.cleaned !== "server") this.goes(found.cleaned === "here" ? "here" : "as-it-is");
  }

  /** What the sealed document says of it beside what it is. */
  get marks(): Partial<Attachment> {
    return {
      ...(this.report?.found.includes("origin") ? { labelled_origin: true as const } : {}),
      ...(this.locked ? { under_password: true as const } : {}),
    };
  }

  private async isLocked(file: File): Promise<boolean> {
    let last = "";
    for await (const bytes of bytesOf(file)) {
      last += text(bytes);
      if (last.includes(LOCKED)) return true;
      last = last.slice(1 - LOCKED.length);
    }
    return false;
  }

  private async findIn(file: File): Promise<void> {
    let stripper: Stripper | null | undefined;
    for await (const bytes of bytesOf(file)) {
      stripper ??= Stripper.for(bytes);
      stripper?.feed(bytes);
    }
    this.report = stripper?.finish().report;
  }

  private offer(...ways: Way[]): void {
    this.part("ways").hidden = false;
    this.element.querySelectorAll("input").forEach((choice) => {
      const label = choice.closest("label");
      if (label) label.hidden = !ways.includes(choice.value as Way);
    });
  }

  private goes(way: Way): void {
    this.way = way;
    this.wrong = "";
    this.element.querySelectorAll("input").forEach((choice) => { choice.checked = choice.value === way; });
    const why = this.locked ? "metadata-why-encrypted" : way === "as-it-is" ? "metadata-why-kind" : "metadata-nothing";
    const sentence = this.report ? this.found(way === "here" ? "metadata-will-go" : "metadata-left") : way === "server" ? "" : this.words(why);
    this.say(sentence);
    this.shows("idle");
  }

  say(sentence: string): void {
    this.part("found").textContent = sentence;
  }

  /** What was said of it last, for the page with the code. */
  get sentence(): string {
    return this.part("found").textContent ?? "";
  }

  /** What happened to it, once it is sent. */
  tellFound(): void {
    if (this.way === "here" && this.report) this.say(this.found("metadata-removed"));
  }

  /** What was found, and by the words of `key` what becomes of it. */
  private found(key: string): string {
    if (!this.report) return "";
    const { found, left, outcome } = this.report;
    const list = (whats: readonly What[]) => whats.map((what) => this.words(`metadata-${what}`)).join(this.words("metadata-separator"));
    const say = (words: string, whats: readonly What[]) => (whats.length > 0 ? this.words(words).replace("{list}", list(whats)) : "");
    const stays = key === "metadata-left" ? [] : left;
    const said = [say(key, found.filter((what) => !stays.includes(what))), say("metadata-left", stays)];
    const why = outcome === "cleaned" || outcome === "nothing-found" ? "" : this.words(`metadata-why-${outcome}`);
    return [...said, why].filter(Boolean).join(this.words("metadata-space")) || this.words("metadata-nothing");
  }

  fail(why: string): void {
    this.wrong = why;
    this.shows("idle");
    this.part("wrong").textContent = why;
    this.part("wrong").hidden = false;
    // What is wrong with the file itself is not mended by another try.
    this.part("retry").hidden = this.way === undefined;
  }

  shows(state: "idle" | "working" | "sent"): void {
    const working = state === "working";
    if (state !== "idle") this.wrong = "";
    this.part("progress").hidden = this.part("cancel").hidden = !working;
    this.part("remove").hidden = working;
    this.part("sent").hidden = state !== "sent";
    this.part("wrong").hidden = this.wrong === "";
    this.part("retry").hidden = true;
    this.element.querySelectorAll("input").forEach((choice) => { choice.disabled = working; });
  }

  /** How far it is: sealing is the first half of the work, sending the second. */
  progress(word: string, share: number): void {
    const [state, bar] = [this.part("state"), this.part("bar") as HTMLProgressElement];
    const said = this.words(word);
    if (state.textContent !== said) state.textContent = said;
    bar.value = share;
  }

  private part(name: string): HTMLElement {
    return one(this.element, `[data-${name}]`);
  }
}

function sizeInWords(bytes: number, words: Words): string {
  const [key, unit] = bytes < MEGABYTE ? ["size-kilobytes", 1000] : ["size-megabytes", MEGABYTE];
  return words(String(key)).replace("{number}", String(Math.ceil(bytes / Number(unit))));
}
