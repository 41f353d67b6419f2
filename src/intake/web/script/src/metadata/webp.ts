// WebP as a stream. The file's length stands in its first bytes, so nothing is cut out: what tells is overwritten with
// zeros, at the same length. The twin of webp.rs.

import { Held, at, isZero, join, number, starts, text } from "./bytes";
import { Findings } from "./findings";
import { exif, minimal, xmp } from "./look";

const HEAD_BYTES = 8;
/** As much of a chunk as is looked at. */
const LOOK_BYTES = 64 * 1024;
/** "Has XMP", in the first byte of VP8X. */
const XMP_FLAG = 0x04;
const KEPT = new Set(["VP8 ", "VP8L", "ALPH", "ANIM", "ANMF", "ICCP"]);
const MINIMAL_BYTES = 26;

type State = "file" | "head" | "flags" | "pass" | "look" | "blank" | "tail" | "damaged";

export class WebpFilter {
  readonly findings = new Findings();
  private state: State = "file";
  private readonly held = new Held();
  /** Bytes of the file, as its head says, that have not come yet; and of the chunk. */
  private left = 0;
  private chunkLeft = 0;
  private needed = 0;

  feed(input: Uint8Array): Uint8Array[] {
    const out: Uint8Array[] = [];
    let rest: Uint8Array | null = input;
    while (rest !== null && rest.length > 0) {
      switch (this.state) {
        case "file":
          rest = this.file(rest, out);
          break;
        case "head":
          rest = this.chunk(rest, out);
          break;
        case "flags":
          out.push(Uint8Array.of(at(rest, 0) & ~XMP_FLAG));
          rest = rest.subarray(1);
          this.left -= 1;
          this.next(9, "pass");
          break;
        case "look": {
          const before = this.held.bytes.length;
          rest = this.held.gather(this.needed, rest);
          this.left -= this.held.bytes.length - before;
          if (rest !== null) this.look(out);
          break;
        }
        case "pass":
        case "blank": {
          const now: Uint8Array = rest.subarray(0, this.chunkLeft);
          out.push(this.state === "pass" ? now : new Uint8Array(now.length));
          rest = rest.subarray(now.length);
          this.left -= now.length;
          this.next(this.chunkLeft - now.length, this.state);
          break;
        }
        case "tail":
          this.findings.removed("hidden");
          return out;
        case "damaged":
          out.push(rest);
          return out;
      }
    }
    return out;
  }

  finish(): Uint8Array[] {
    if (this.state === "tail") return [];
    this.findings.damaged();
    return [this.held.take()];
  }

  private next(chunkLeft: number, same: State): void {
    this.chunkLeft = chunkLeft;
    this.state = chunkLeft > 0 ? same : this.left === 0 ? "tail" : "head";
  }

  private file(input: Uint8Array, out: Uint8Array[]): Uint8Array | null {
    const rest = this.held.gather(12, input);
    if (rest === null) return null;
    const head = this.held.take();
    // The length counts from behind itself, so it has the last four bytes of the head in it.
    this.left = Math.max(0, number(head, 4, 4, true) - 4);
    const good = starts(head, "RIFF") && starts(head.subarray(8), "WEBP");
    this.state = good && this.left >= HEAD_BYTES ? "head" : "damaged";
    out.push(head);
    return rest;
  }

  private chunk(input: Uint8Array, out: Uint8Array[]): Uint8Array | null {
    const rest = this.held.gather(HEAD_BYTES, input);
    if (rest === null) return null;
    const head = this.held.take();
    const size = number(head, 4, 4, true);
    // Chunks start at even places.
    const padded = size + (size % 2);
    if (this.left < HEAD_BYTES || padded > this.left - HEAD_BYTES) {
      this.state = "damaged";
      out.push(head);
      return rest;
    }
    this.left -= HEAD_BYTES;
    const name = text(head.subarray(0, 4));
    if (name === "VP8X" && size === 10) {
      out.push(head);
      this.state = "flags";
    } else if (KEPT.has(name)) {
      out.push(head);
      this.next(padded, "pass");
    } else {
      this.held.bytes = head.slice();
      this.needed = HEAD_BYTES + Math.min(size, LOOK_BYTES);
      this.chunkLeft = HEAD_BYTES + padded - this.needed;
      this.state = "look";
      if (size === 0) this.look(out);
    }
    return rest;
  }

  /** Writes the chunk that is held, without what it told. */
  private look(out: Uint8Array[]): void {
    const held = this.held.take();
    const data = held.subarray(HEAD_BYTES);
    const name = text(held.subarray(0, 4));
    const blank = new Uint8Array(data.length);
    if (name === "EXIF") {
      const tiff = starts(data, "Exif\0\0") ? data.subarray(6) : data;
      const orientation = exif(tiff, this.findings) || 1;
      if (data.length >= MINIMAL_BYTES) blank.set(minimal(orientation));
      out.push(join([held.subarray(0, HEAD_BYTES), blank]));
    } else {
      if (name === "XMP ") xmp(data, this.findings);
      else if (name !== "JUNK" || !isZero(data)) this.findings.removed("other");
      const junk = Uint8Array.of(0x4a, 0x55, 0x4e, 0x4b);
      out.push(join([junk, held.subarray(4, HEAD_BYTES), blank]));
    }
    this.next(this.chunkLeft, "blank");
  }
}
