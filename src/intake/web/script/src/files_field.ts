// The field for files, without all that makes something of them: that is loaded when someone is about to choose one.
import type { Attachment, Row } from "./file_row";
import type { Files } from "./files";
import type { Readers } from "./manifest";
import { one, type Words } from "./page";

export class FilesField {
  private readonly field: HTMLInputElement;
  private loaded: Files | undefined;
  private loading: Promise<Files> | undefined;

  /** `url` takes the files; `changed` is called when one came, went, or shall go another way. */
  constructor(private readonly box: HTMLElement, private readonly words: Words, private readonly url: string, private readonly changed: () => void) {
    this.field = one(box, "input[type=file]");
    // What was chosen before the script came is taken over as well.
    if (this.field.files?.length) void this.load();
    for (const about of ["pointerdown", "focus", "change"]) this.field.addEventListener(about, this.load);
  }

  get rows(): readonly Row[] {
    return this.loaded?.all ?? [];
  }

  /** Sends all that is chosen, and gives it as the tip names it; or the words that say why not. */
  async send(readers: Readers): Promise<Attachment[] | string> {
    if (!this.loaded && !this.field.files?.length) return [];
    const files = await this.load();
    return files ? files.send(readers) : this.words("file-offline");
  }

  forgetSent(): void {
    this.loaded?.forgetSent();
  }

  clear(): void {
    this.loaded?.clear();
  }

  /** Puts the files back into the field, for the form to be posted as it is without scripts. */
  giveBack(): void {
    this.loaded?.giveBack();
    for (const about of ["pointerdown", "focus", "change"]) this.field.removeEventListener(about, this.load);
  }

  private readonly load = async (): Promise<Files | undefined> => {
    this.loading ??= import("./files").then(({ Files }) => new Files(this.box, this.words, this.url, this.changed));
    try {
      return (this.loaded = await this.loading);
    } catch {
      // No line: once more when it is asked for again.
      this.loading = undefined;
      return undefined;
    }
  };
}
