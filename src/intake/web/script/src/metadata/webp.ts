// WebP as a stream. The file's length stands in its first bytes, so nothing is cut out: all but what a decoder needs is
// overwritten with zeros, at the same length. The twin of webp.rs.

import { Held, at, isZero, join, number, starts, text } from "./bytes";
import { Findings } from "./findings";
import { profile, space } from "./icc";
import { exif, label, minimal, xmp } from "./look";

const FILE_HEAD_BYTES = 12;
const HEAD_BYTES = 8;
/** As much of a chunk as is looked at. */
const LOOK_BYTES = 64 * 1024;
/** "Has XMP", in the first byte of VP8X, and the flags there that a decoder needs. */
const XMP_FLAG = 0x04;
const FLAGS_KEPT = 0b00111010;
const MINIMAL_BYTES = 26;
const FRAME_HEAD_BYTES = 16;
/** As much of packed pixels as says how large the picture is. */
const PIXELS_HEAD_BYTES = 10;

type State = "file" | "head" | "pass" | "look" | "blank" | "tail" | "damaged";

export class WebpFilter {
  readonly findings = new Findings();
  private state: State = "file";
  private readonly held = new Held();
  /** Bytes of the file, as its head says, that have not come yet; of the frame of a moving picture; and of the chunk. */
  private left = 0;
  private frameLeft: number | undefined;
  private chunkLeft = 0;
  private needed = 0;
  private animated = false;
  private promised = false;
  private seeThrough = false;
  /** Width and height of the picture, or of the frame. */
  private canvas: string | undefined;
  private readonly seen = new Set<string>();

  feed(input: Uint8Array): Uint8Array[] {
    const out: Uint8Array[] = [];
    let rest: Uint8Array | null = input;
    while (rest !== null && rest.length > 0) {
      if (this.state === "file") rest = this.file(rest, out);
      else if (this.state === "head") rest = this.chunk(rest, out);
      else if (this.state === "look") {
        const before = this.held.bytes.length;
        rest = this.held.gather(this.needed, rest);
        this.count(this.held.bytes.length - before);
        if (rest !== null) this.look(out);
      } else if (this.state === "pass" || this.state === "blank") {
        const now: Uint8Array = rest.subarray(0, this.chunkLeft);
        if (this.state === "blank" && !isZero(now)) this.findings.removed("other");
        out.push(this.state === "pass" ? now : new Uint8Array(now.length));
        this.count(now.length);
        this.next(this.chunkLeft - now.length, this.state);
        rest = rest.subarray(now.length);
      } else if (this.state === "tail") {
        this.findings.enter(rest.length);
        this.findings.removed("hidden");
        return out;
      } else {
        out.push(rest);
        return out;
      }
    }
    return out;
  }

  finish(): Uint8Array[] {
    const out: Uint8Array[] = [];
    const hasPixels = this.seen.has("VP8");
    // Writers count one byte too many, or leave out the one that makes the last chunk even.
    const isBetween = this.state === "head" && this.held.bytes.length === 0 && hasPixels;
    const isOneShort = (this.state === "pass" || this.state === "blank") && this.chunkLeft === 1 && this.left === 1;
    if (this.state !== "tail" && !isOneShort && !(isBetween && (this.left < HEAD_BYTES || this.frameLeft === undefined))) {
      this.damaged(out);
    }
    if (!hasPixels) this.findings.couldNot("damaged");
    // It was said that there is XMP, and there was none.
    if (this.promised && this.findings.isEmpty) this.findings.removed("other");
    return out;
  }

  private damaged(out: Uint8Array[]): void {
    this.findings.couldNot("damaged");
    out.push(this.held.take());
    this.state = "damaged";
  }

  /** This many bytes of the file have come, and are understood. */
  private count(bytes: number): void {
    this.left -= bytes;
    if (this.frameLeft !== undefined) this.frameLeft -= bytes;
    this.findings.enter(bytes);
  }

  private next(chunkLeft: number, same: State): void {
    this.chunkLeft = chunkLeft;
    if (chunkLeft > 0) {
      this.state = same;
      return;
    }
    if (this.frameLeft === 0) this.frameLeft = undefined;
    this.state = this.left === 0 ? "tail" : "head";
  }

  private file(input: Uint8Array, out: Uint8Array[]): Uint8Array | null {
    const rest = this.held.gather(FILE_HEAD_BYTES, input);
    if (rest === null) return null;
    const head = this.held.bytes;
    // The length counts from behind itself, so it has the last four bytes of the head in it.
    this.left = Math.max(0, number(head, 4, 4, true) - 4);
    if (!starts(head, "RIFF") || !starts(head.subarray(8), "WEBP") || this.left < HEAD_BYTES) {
      this.damaged(out);
      return rest;
    }
    this.findings.enter(FILE_HEAD_BYTES);
    out.push(this.held.take());
    this.state = "head";
    return rest;
  }

  private chunk(input: Uint8Array, out: Uint8Array[]): Uint8Array | null {
    const rest = this.held.gather(HEAD_BYTES, input);
    if (rest === null) return null;
    const size = number(this.held.bytes, 4, 4, true);
    const inside = (this.frameLeft ?? this.left) - HEAD_BYTES;
    if (size > inside) {
      this.damaged(out);
      return rest;
    }
    // Chunks start at even places; the last one may do without the byte that makes it even.
    const padded = Math.min(size + (size % 2), inside);
    this.count(HEAD_BYTES);
    const name = text(this.held.bytes.subarray(0, 4));
    const most = name === "ANMF" && size >= FRAME_HEAD_BYTES ? FRAME_HEAD_BYTES : /^(VP8[ L]|ALPH)$/.test(name) ? PIXELS_HEAD_BYTES : LOOK_BYTES;
    const all = Math.min(size, most);
    this.needed = HEAD_BYTES + all;
    this.chunkLeft = padded - all;
    this.state = "look";
    if (all === 0) this.look(out);
    return rest;
  }

  /** Whether a chunk that begins so is one of packed pixels that are still expected. */
  private isPixels(name: string, data: Uint8Array): boolean {
    if (this.frameLeft === undefined && this.animated) return false;
    if (this.seen.has("VP8")) return false;
    if (name === "VP8 " || name === "VP8L") {
      const size = name === "VP8L" ? lossless(data) : lossy(data);
      if (size === undefined || (this.canvas !== undefined && this.canvas !== size)) return false;
      this.seen.add("VP8");
      // These pixels have their own opacity: what came before them nobody shows.
      if (name === "VP8L" && this.seen.has("ALPH")) this.findings.left("hidden", "unchecked");
      return true;
    }
    // It comes before the colours: how it is packed, and nothing in the bits that mean nothing yet.
    if (name !== "ALPH" || this.seen.has(name) || !this.seeThrough || data.length === 0 || (at(data, 0) & 0xc0) !== 0 || (at(data, 0) & 3) > 1) return false;
    this.seen.add(name);
    return true;
  }

  /** Writes the chunk that is held, without what it told. */
  private look(out: Uint8Array[]): void {
    const held = this.held.take();
    const [head, data] = [held.subarray(0, HEAD_BYTES), held.subarray(HEAD_BYTES)];
    const name = text(head.subarray(0, 4));
    if (name === "ANMF" && data.length === FRAME_HEAD_BYTES && this.frameLeft === undefined && this.animated) {
      this.beginFrame(held, out);
      return;
    }
    if (this.isPixels(name, data)) {
      out.push(held);
      this.next(this.chunkLeft, "pass");
      return;
    }
    const written = this.written(name, data);
    if (written) {
      // What EXIF told is noted already, and that there is XMP is told of the XMP itself.
      const before = data.slice();
      if (name === "VP8X") before[0] = at(before, 0) & ~XMP_FLAG;
      if (name !== "EXIF" && text(before) !== text(written)) this.findings.removed(name === "ICCP" ? "device" : "other");
      out.push(head, written);
    } else {
      this.note(name, data);
      out.push(Uint8Array.of(0x4a, 0x55, 0x4e, 0x4b), head.subarray(4), new Uint8Array(data.length));
    }
    this.next(this.chunkLeft, "blank");
  }

  /** What stands in the place of a chunk that is kept, at the same length. */
  private written(name: string, data: Uint8Array): Uint8Array | undefined {
    if (name === "VP8X" && data.length === 10 && !this.seen.has(name)) {
      this.seen.add(name);
      this.animated = (at(data, 0) & 2) !== 0;
      this.promised = (at(data, 0) & XMP_FLAG) !== 0;
      this.seeThrough = (at(data, 0) & 0x10) !== 0;
      this.canvas = sizeOf(1 + number(data, 4, 3, true), 1 + number(data, 7, 3, true));
      const written = data.slice();
      written.set([at(data, 0) & FLAGS_KEPT, 0, 0, 0]);
      return written;
    }
    if (name === "ANIM" && data.length === 6 && this.animated) return data;
    if (name === "EXIF" && data.length >= MINIMAL_BYTES && !this.seen.has(name)) {
      this.seen.add(name);
      const orientation = exif(starts(data, "Exif\0\0") ? data.subarray(6) : data, this.findings) || 1;
      const written = new Uint8Array(data.length);
      written.set(minimal(orientation));
      // Anything else that was there is told as well.
      if (text(written) !== text(data) && this.findings.isEmpty) this.findings.removed("other");
      return written;
    }
    if (name === "ICCP" && !this.seen.has(name)) {
      this.seen.add(name);
      const own = space(data);
      const bytes = own && profile(own);
      return bytes && bytes.length <= data.length ? join([bytes, new Uint8Array(data.length - bytes.length)]) : undefined;
    }
    return undefined;
  }

  private beginFrame(held: Uint8Array, out: Uint8Array[]): void {
    const flags = at(held, held.length - 1);
    if (flags > 3) this.findings.removed("other");
    out.push(held.subarray(0, held.length - 1), Uint8Array.of(flags & 3));
    this.canvas = sizeOf(1 + number(held, HEAD_BYTES + 6, 3, true), 1 + number(held, HEAD_BYTES + 9, 3, true));
    this.seen.delete("VP8");
    this.seen.delete("ALPH");
    this.frameLeft = this.chunkLeft > 0 ? this.chunkLeft : undefined;
    this.state = this.left === 0 ? "tail" : "head";
  }

  /** Notes what a chunk tells that stays behind. */
  private note(name: string, data: Uint8Array): void {
    if (name === "EXIF") exif(data, this.findings);
    else if (name === "XMP ") xmp(data, this.findings);
    else if (name === "ICCP") this.findings.removed("device");
    else if (name === "C2PA") this.findings.removed("origin");
    else if (/^(VP8[ LX]|ALPH|ANMF)$/.test(name)) this.findings.removed("hidden");
    else if (name !== "JUNK" || !isZero(data)) this.findings.removed(label(data) ?? "other");
  }
}

function sizeOf(width: number, height: number): string {
  return `${width} ${height}`;
}

/** Width and height by the head of a VP8L stream. */
function lossless(data: Uint8Array): string | undefined {
  const bits = number(data, 1, 4, true);
  return bits < 0 || at(data, 0) !== 0x2f || bits >= 2 ** 29 ? undefined : sizeOf(1 + (bits & 0x3fff), 1 + ((bits >> 14) & 0x3fff));
}

/** Width and height by the head of a VP8 key frame. */
function lossy(data: Uint8Array): string | undefined {
  const isKey = data.length === PIXELS_HEAD_BYTES && (at(data, 0) & 1) === 0 && number(data, 3, 3) === 0x9d012a;
  return isKey ? sizeOf(number(data, 6, 2, true) & 0x3fff, number(data, 8, 2, true) & 0x3fff) : undefined;
}
