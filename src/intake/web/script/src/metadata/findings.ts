// What was found in a file, and what became of it. The names and their order are those of the service's own room
// (src/metadata), which a test holds this against.

export const WHAT = [
  "position", "device", "author", "software", "date", "thumbnail", "comment", "history", "hidden", "other", "origin",
] as const;

export type What = (typeof WHAT)[number];

/** Why something may still be in it. */
export type Reason = "damaged" | "structure" | "unchecked";

export type Outcome = "cleaned" | "nothing-found" | Reason;

export interface Report {
  /** Each kind of finding once, in the order of WHAT. */
  found: What[];
  /** Of these, what is still in the file. */
  left: What[];
  /** "cleaned" and "nothing-found" only where every byte of the file was accounted for. */
  outcome: Outcome;
}

export class Findings {
  private readonly seen = new Map<What, boolean>();
  private reason: Reason | undefined;
  /** Bytes that were understood: kept as harmless, or taken out. */
  private bytes = 0;

  removed(what: What): void {
    if (!this.seen.has(what)) this.seen.set(what, true);
  }

  left(what: What, reason: Reason): void {
    this.seen.set(what, false);
    this.couldNot(reason);
  }

  /** The first reason stands. */
  couldNot(reason: Reason): void {
    this.reason ??= reason;
  }

  get isEmpty(): boolean {
    return this.seen.size === 0;
  }

  enter(bytes: number): void {
    this.bytes += bytes;
  }

  /** Of a file of `fileBytes`, which somebody else counted. */
  report(fileBytes: number): Report {
    const found = WHAT.filter((what) => this.seen.has(what));
    const left = found.filter((what) => this.seen.get(what) === false);
    const reason = this.reason ?? (this.bytes === fileBytes ? undefined : "unchecked");
    return { found, left, outcome: reason ?? (found.length > 0 ? "cleaned" : "nothing-found") };
  }
}
