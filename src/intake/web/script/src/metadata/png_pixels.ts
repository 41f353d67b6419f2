// Packed pixels of a PNG: unpacked to count them and to look at their rows, and thrown away. The twin of png/pixels.rs.

import { Inflate } from "./inflate";
import { Adler, Rows, type Header } from "./rows";

/** The stream of one frame: unpacked to count it, and to look at its rows. */
export class Packed {
  readonly rows: Rows;
  private readonly adler = new Adler();
  private readonly unpack: Inflate;
  private readonly expected: number;
  private broken = false;

  /** `numbered`: of a further frame (`fdAT`). */
  constructor(header: Header, readonly numbered: boolean) {
    this.rows = new Rows(header);
    this.expected = this.rows.bytes;
    this.unpack = new Inflate(0, (bytes) => {
      this.adler.add(bytes);
      this.rows.take(bytes);
    });
  }

  isStill(numbered: boolean): boolean {
    return this.numbered === numbered && (!this.unpack.ended || this.broken);
  }

  get isWhole(): boolean {
    return this.unpack.ended && !this.broken;
  }

  /** How many of these bytes belong to the stream; those behind its end do not. */
  take(bytes: Uint8Array): [number, "goes" | "broken" | "too-many"] {
    if (this.broken) return [bytes.length, "broken"];
    const used = this.unpack.take(bytes);
    const { ended, total, sum } = this.unpack;
    const verdict = this.unpack.broken || this.rows.broken ? "broken" : total > this.expected ? "too-many"
      : ended && (total < this.expected || sum !== this.adler.sum) ? "broken" : "goes";
    if (verdict === "goes") return [used, verdict];
    this.broken = true;
    return [bytes.length, verdict];
  }
}
