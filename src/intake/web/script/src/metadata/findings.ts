// What was found in a file, and what became of it. The names and their order are those of the service's own room
// (src/intake/metadata), which a test holds this against.

export const WHAT = [
  "position", "device", "author", "software", "date", "thumbnail", "comment", "history", "hidden", "other",
] as const;

export type What = (typeof WHAT)[number];

export type Outcome = "cleaned" | "nothing-found" | "damaged";

export interface Report {
  /** Each kind of finding once, in the order of WHAT. All of them are gone unless the outcome is "damaged". */
  found: What[];
  outcome: Outcome;
}

export class Findings {
  private readonly seen = new Set<What>();
  private broken = false;

  removed(what: What): void {
    this.seen.add(what);
  }

  damaged(): void {
    this.broken = true;
  }

  report(): Report {
    const found = WHAT.filter((what) => this.seen.has(what));
    const outcome = this.broken ? "damaged" : found.length > 0 ? "cleaned" : "nothing-found";
    return { found, outcome };
  }
}
