// The files of a form: chosen at any time, looked at in the page, and sent one after another when the form is.
import { bytesOf, sealFile } from "./attachment";
import { Row, type Attachment, type Way } from "./file_row";
import type { Readers } from "./manifest";
import { Stripper } from "./metadata/index";
import { one, type Words } from "./page";
import { send, type Answer } from "./upload";

export class Files {
  private rows: Row[] = [];
  private count = 0;
  private readonly field: HTMLInputElement;
  private readonly list: HTMLElement;

  /** `box` holds the field; `url` takes sealed files, and under `/cleaned` those that intake shall clean. */
  constructor(private readonly box: HTMLElement, private readonly words: Words, private readonly url: string, private readonly changed: () => void) {
    this.field = one(box, "input[type=file]");
    this.list = one(box, "[data-files]");
    this.field.addEventListener("change", this.take);
    this.take();
  }

  get all(): readonly Row[] {
    return this.rows;
  }

  /** Puts the files back into the field, for the form to be posted as it is without scripts. */
  giveBack(): void {
    const chosen = new DataTransfer();
    this.rows.forEach((row) => chosen.items.add(row.file));
    this.field.removeEventListener("change", this.take);
    this.field.files = chosen.files;
    this.clear();
  }

  /** What was sent is not there any more: it goes again with the next try. */
  forgetSent(): void {
    this.rows.forEach((row) => { row.sent = undefined; });
  }

  clear(): void {
    this.rows.forEach((row) => row.abort?.abort());
    this.rows = [];
    this.list.replaceChildren();
  }

  private readonly take = (): void => {
    const chosen = [...(this.field.files ?? [])];
    // The same file can be chosen again, and none is sent by the form itself.
    this.field.value = "";
    // The browser's own "no file chosen" would not be true.
    this.field.classList.toggle("taken", this.rows.length + chosen.length > 0);
    const template = one(this.box, "template") as HTMLTemplateElement;
    for (const file of chosen) {
      const row = new Row(file, template, this.words, this.count++);
      this.rows.push(row);
      this.list.append(row.element);
      row.on("remove", () => this.remove(row));
      row.on("cancel", () => row.abort?.abort());
      row.element.addEventListener("change", this.changed);
      row.on("retry", () => { void this.again(row); });
      const beyond = this.beyond(file);
      if (beyond) row.fail(this.words(beyond));
      else row.look();
    }
    this.changed();
  };

  /** The limit that `file` is the first to pass. */
  private beyond(file: File): string | undefined {
    const most = (name: string) => Number(this.box.dataset[name]);
    if (this.rows.length > most("max")) return "problem-file-too-many";
    if (file.size > most("each")) return "problem-file-too-large";
    const together = this.rows.reduce((sum, row) => sum + row.file.size, 0);
    return together > most("together") ? "problem-file-together-too-large" : undefined;
  }

  private remove(row: Row): void {
    this.rows = this.rows.filter((other) => other !== row);
    row.element.remove();
    this.field.classList.toggle("taken", this.rows.length > 0);
    this.field.focus();
    this.changed();
  }

  private readers: Readers | undefined;
  private working = false;

  private async again(row: Row): Promise<void> {
    if (this.readers && !this.working) await this.sendOne(row, this.readers);
  }

  /** Sends what is not there yet, and gives all; or the words that say why not. */
  async send(readers: Readers): Promise<Attachment[] | string> {
    this.readers = readers;
    await Promise.all(this.rows.map((row) => row.looked));
    const undecided = this.rows.find((row) => row.wrong === "" && row.way === undefined);
    undecided?.fail(this.words("problem-file-undecided"));
    for (const row of this.rows) {
      if (row.wrong !== "" && row.way === undefined) return row.wrong;
    }
    for (const row of this.rows) {
      if (!(await this.sendOne(row, readers))) return row.wrong;
    }
    return this.rows.flatMap((row) => row.sent?.attachment ?? []);
  }

  private async sendOne(row: Row, readers: Readers): Promise<boolean> {
    const { way } = row;
    if (!way) return false;
    if (row.sent?.to === readers.addressee && row.sent.way === way) return true;
    this.working = true;
    const stop = (row.abort = new AbortController());
    row.shows("working");
    try {
      const attachment = await (way === "server" ? this.cleaned(row, readers, stop.signal) : this.sealed(row, way, readers, stop.signal));
      if (typeof attachment === "string") {
        row.fail(stop.signal.aborted ? this.words("file-stopped") : attachment);
        return false;
      }
      row.sent = { to: readers.addressee, way, attachment };
      row.shows("sent");
      return true;
    } catch {
      // Stopped by hand, or a file that is gone from the device since it was chosen.
      row.fail(this.words(stop.signal.aborted ? "file-stopped" : "problem-file-cut-short"));
      return false;
    } finally {
      this.working = false;
    }
  }

  private async sealed(row: Row, way: Way, readers: Readers, signal: AbortSignal): Promise<Attachment | string> {
    const content = contentOf(row.file, way, signal, (share) => row.progress("file-sealing", share / 2));
    const { file, size, sha256 } = await sealFile(content, readers.recipients);
    const answer = await this.post("", file, row, readers, signal, 0.5);
    const id = answer?.body["attachment_id"];
    if (answer?.status !== 201 || typeof id !== "string") return this.why(answer);
    row.tellFound();
    return { id, name: row.name, media_type: row.mediaType, size_bytes: size, sha256, ...row.marks };
  }

  /** By intake, which sees the file and the ending of its name, and neither the name nor a word of the tip. */
  private async cleaned(row: Row, readers: Readers, signal: AbortSignal): Promise<Attachment | string> {
    const answer = await this.post(`/cleaned`, row.file, row, readers, signal, 0);
    const { attachment, told } = (answer?.body ?? {}) as { attachment?: Attachment; told?: string };
    if (answer?.status !== 201 || !attachment) return this.why(answer);
    row.say(told ?? "");
    return { ...attachment, name: row.name };
  }

  private post(place: string, body: Blob, row: Row, readers: Readers, signal: AbortSignal, done: number): Promise<Answer> {
    const asked = new URLSearchParams({ addressee: readers.addressee });
    if (place) asked.set("ending", row.ending);
    row.progress("file-sending", done);
    // Asked for as bytes: a browser would name the kind of file otherwise.
    const bytes = body.slice(0, body.size, "application/octet-stream");
    return send(`${this.url}${place}?${asked}`, bytes, document.documentElement.lang, signal, (share) =>
      row.progress("file-sending", done + share * (1 - done)));
  }

  private why(answer: Answer): string {
    const title = answer?.body["title"];
    if (typeof title === "string") return title;
    return this.words(navigator.onLine ? "file-unanswered" : "file-offline");
  }
}

/** What goes under the seal: the file as it is, or without what it tells of its maker. */
async function* contentOf(file: File, way: Way, signal: AbortSignal, progress: (share: number) => void): AsyncGenerator<Uint8Array> {
  let stripper: Stripper | null | undefined;
  let done = 0;
  for await (const bytes of bytesOf(file, signal)) {
    if (way === "here") stripper ??= Stripper.for(bytes);
    if (stripper) yield* stripper.feed(bytes);
    else yield bytes;
    done += bytes.length;
    progress(done / file.size);
  }
  if (stripper) yield* stripper.finish().parts;
}
