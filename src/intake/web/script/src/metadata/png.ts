// PNG as a stream: chunks that make the picture pass, each held against what it must be; all others stay behind. Packed
// pixels are unpacked and counted, so that nothing can stand behind the last of them. The twin of png/.

import { Held, number, starts, text } from "./bytes";
import { Findings } from "./findings";
import { ascii, big, type Space } from "./icc";
import { minimal } from "./look";
import { checksum } from "./png_checksum";
import { fateOf, headerOf, isSoundFrame, late, written, type Fate } from "./png_chunks";
import { hidesInPalette, isOwnProfile, ownProfile, profileSpace } from "./png_colours";
import { lookAt } from "./png_notes";
import { Packed } from "./png_pixels";
import type { Header } from "./rows";

const SIGNATURE = "\x89PNG\r\n\x1a\n";
const HEAD_BYTES = 8;
const CHECKSUM_BYTES = 4;
/** As much of a chunk as is looked at. */
const LOOK_BYTES = 64 * 1024;
const CHUNK_MAX_BYTES = 0x7fffffff;

type State = "signature" | "head" | "pixels" | "sum" | "small" | "tail" | "damaged";

export class PngFilter {
  readonly findings = new Findings();
  private state: State = "signature";
  /** Bytes of the chunk that have not come yet. */
  private left = 0;
  private readonly held = new Held();
  private header: Header | undefined;
  private readonly seen = new Set<string>();
  private pixels: Packed | undefined;
  /** The colours that pixels are numbers of, how transparent each is, and which of them were used. */
  private palette = new Uint8Array(0);
  private transparency = new Uint8Array(0);
  private readonly used = new Set<number>();
  private begun = false;
  private sequence = 0;
  private sumRead = 0;
  private sumWritten = 0;

  feed(input: Uint8Array): Uint8Array[] {
    const out: Uint8Array[] = [];
    let rest: Uint8Array | null = input;
    while (rest !== null && rest.length > 0) {
      if (this.state === "signature") {
        rest = this.held.gather(SIGNATURE.length, rest);
        if (rest === null) continue;
        if (starts(this.held.bytes, SIGNATURE)) this.pass("head", out);
        else this.damaged(out);
      } else if (this.state === "head") {
        rest = this.held.gather(HEAD_BYTES, rest);
        if (rest !== null) this.chunk(out);
      } else if (this.state === "pixels") {
        rest = this.ofPixels(rest, out);
      } else if (this.state === "sum") {
        rest = this.held.gather(CHECKSUM_BYTES, rest);
        if (rest !== null) this.closePixels(out);
      } else if (this.state === "small") {
        rest = this.small(rest, out);
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
    if (this.state !== "tail") this.damaged(out);
    return out;
  }

  private damaged(out: Uint8Array[]): void {
    this.findings.couldNot("damaged");
    out.push(this.held.take());
    this.state = "damaged";
  }

  private pass(next: State, out: Uint8Array[]): void {
    this.findings.enter(this.held.bytes.length);
    out.push(this.held.take());
    this.state = next;
  }

  private chunk(out: Uint8Array[]): void {
    const size = number(this.held.bytes, 0, 4);
    const name = text(this.held.bytes.subarray(4));
    if (size > CHUNK_MAX_BYTES || !/^[A-Za-z]{4}$/.test(name) || (!this.header && name !== "IHDR")) {
      this.damaged(out);
    } else if (this.isOfPixels(name, size)) {
      this.sumRead = this.sumWritten = checksum(0, this.held.bytes.subarray(4));
      this.begun = true;
      this.left = size;
      this.pass(size === 0 ? "sum" : "pixels", out);
    } else {
      this.findings.enter(HEAD_BYTES);
      this.left = size + CHECKSUM_BYTES;
      this.state = "small";
    }
  }

  private isOfPixels(name: string, size: number): boolean {
    if (name === "IDAT" && !this.begun) {
      this.pixels = this.header && new Packed(this.header, false);
      return true;
    }
    if (name === "IDAT") return this.pixels?.isStill(false) ?? false;
    return name === "fdAT" && size >= 4 && (this.pixels?.isStill(true) ?? false);
  }

  private ofPixels(input: Uint8Array, out: Uint8Array[]): Uint8Array | null {
    const { pixels } = this;
    if (!pixels) {
      this.damaged(out);
      return input;
    }
    // Before the pixels of a further frame stands which chunk of the moving picture this is.
    if (pixels.numbered && this.held.bytes.length < 4) {
      const rest = this.held.gather(4, input);
      if (rest === null) return null;
      const { bytes } = this.held;
      if (number(bytes, 0, 4) !== this.sequence) {
        this.damaged(out);
        return rest;
      }
      this.sequence++;
      this.sumRead = this.sumWritten = checksum(this.sumRead, bytes);
      this.findings.enter(4);
      out.push(bytes.slice());
      this.left -= 4;
      if (this.left === 0) this.close();
      return rest;
    }
    const now = input.subarray(0, this.left);
    const wasWhole = pixels.isWhole;
    const [used, verdict] = pixels.take(now);
    if (!wasWhole && pixels.isWhole) {
      // Between the rows, which would have to be packed anew.
      if (pixels.rows.hides) this.findings.left("hidden", "structure");
      pixels.rows.used.forEach((index) => this.used.add(index));
    }
    this.findings.enter(now.length);
    if (verdict === "broken") this.findings.couldNot("damaged");
    // Inside the packed stream, which would have to be packed anew.
    if (verdict === "too-many") this.findings.left("hidden", "structure");
    let written = now;
    if (now.subarray(used).some((byte) => byte !== 0)) {
      this.findings.removed("hidden");
      written = now.slice();
      written.fill(0, used);
    }
    const same = written === now && this.sumRead === this.sumWritten;
    this.sumRead = checksum(this.sumRead, now);
    this.sumWritten = same ? this.sumRead : checksum(this.sumWritten, written);
    out.push(written);
    this.left -= now.length;
    if (this.left === 0) this.close();
    return input.subarray(now.length);
  }

  private close(): void {
    this.held.take();
    this.state = "sum";
  }

  private closePixels(out: Uint8Array[]): void {
    if (number(this.held.bytes, 0, 4) !== this.sumRead) this.findings.couldNot("damaged");
    else if (this.sumRead !== this.sumWritten) this.held.bytes = big(this.sumWritten);
    this.pass("head", out);
  }

  private small(input: Uint8Array, out: Uint8Array[]): Uint8Array {
    const now = input.subarray(0, this.left);
    this.findings.enter(now.length);
    const room = Math.max(0, HEAD_BYTES + LOOK_BYTES + CHECKSUM_BYTES - this.held.bytes.length);
    const more = Math.min(room, now.length);
    if (more > 0) this.held.gather(this.held.bytes.length + more, now);
    this.left -= now.length;
    if (this.left === 0) {
      this.state = "head";
      this.closeSmall(this.held.take(), out);
    }
    return input.subarray(now.length);
  }

  private closeSmall(chunk: Uint8Array, out: Uint8Array[]): void {
    const end = HEAD_BYTES + number(chunk, 0, 4);
    const name = text(chunk.subarray(4, 8));
    const data = chunk.subarray(HEAD_BYTES, end);
    if (name === "IEND") {
      this.end(chunk, data, out);
      return;
    }
    const fate = name === "fcTL" ? this.frame(data) : this.seen.has(name) || this.begun ? late(name) : fateOf(name, data, this.header, this.palette.length / 3);
    if (fate === "keep") {
      this.seen.add(name);
      if (number(chunk, end, 4) !== checksum(0, chunk.subarray(4, end))) this.findings.couldNot("damaged");
      if (name === "IHDR") this.header = headerOf(data);
      else if (name === "PLTE") this.palette = data.slice();
      else if (name === "tRNS") this.transparency = data.slice();
      out.push(chunk);
    } else if (fate === "profile") {
      this.profile(chunk, data, out);
    } else if (fate === "look") {
      this.orient(lookAt(name, data, this.findings), out);
    } else if (fate === "broken") {
      this.findings.couldNot("damaged");
      out.push(chunk);
      this.state = "damaged";
    } else if ("drop" in fate) {
      this.findings.removed(fate.drop);
    } else if ("write" in fate) {
      this.seen.add(name);
      this.findings.removed("hidden");
      out.push(written(name, fate.write));
      this.transparency = fate.write.slice();
    } else {
      this.findings.removed("device");
      this.colours(fate.colours, out);
    }
  }

  private end(chunk: Uint8Array, data: Uint8Array, out: Uint8Array[]): void {
    if (!this.pixels?.isWhole) this.findings.couldNot("damaged");
    this.lookAtPalette();
    if (data.length > 0 || number(chunk, 8, 4) !== checksum(0, ascii("IEND"))) this.findings.removed("hidden");
    out.push(written("IEND", new Uint8Array(0)));
    this.state = "tail";
  }

  /** Colours that no pixel uses are seen by nobody. They stand before the pixels, and have passed. */
  private lookAtPalette(): void {
    const { palette, used } = this;
    const count = palette.length / 3;
    if (hidesInPalette(palette, this.transparency, used)) this.findings.left("hidden", "structure");
    if (count > 0 && [...used].some((index) => index >= count)) this.findings.couldNot("damaged");
  }

  /** A further frame of a moving picture; the first may be the picture itself. */
  private frame(data: Uint8Array): Fate {
    const { header } = this;
    if (data.length !== 26 || !this.seen.has("acTL")) return { drop: "hidden" };
    if (!header || number(data, 0, 4) !== this.sequence || !isSoundFrame(data, header, this.sequence, this.begun)) return "broken";
    this.sequence++;
    if (this.begun) {
      const [width, height] = [number(data, 4, 4), number(data, 8, 4)];
      const fits = width >= 1 && width <= header.width && height >= 1 && height <= header.height;
      if (!fits || !this.pixels?.isWhole) return "broken";
      this.pixels = new Packed({ ...header, width, height }, true);
    }
    return "keep";
  }

  private profile(chunk: Uint8Array, data: Uint8Array, out: Uint8Array[]): void {
    const own = profileSpace(data);
    if (own === "Display P3" && isOwnProfile(chunk)) {
      this.seen.add("iCCP");
      out.push(chunk);
      return;
    }
    this.findings.removed("device");
    if (own) this.colours(own, out);
  }

  /** Says in which colour space the picture is, once. */
  private colours(own: Space, out: Uint8Array[]): void {
    const isSaid = this.seen.has("sRGB") || this.seen.has("iCCP");
    if (isSaid || ![2, 3, 6].includes(this.header?.colours ?? 0)) return;
    this.seen.add(own === "sRGB" ? "sRGB" : "iCCP");
    out.push(own === "sRGB" ? written("sRGB", Uint8Array.of(0)) : ownProfile());
  }

  private orient(orientation: number, out: Uint8Array[]): void {
    if (orientation === 0 || this.seen.has("way")) return;
    this.seen.add("way");
    out.push(written("eXIf", minimal(orientation)));
  }
}
