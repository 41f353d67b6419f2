// PNG as a stream: chunks that make the picture pass, each held against what it must be; all others stay behind. Packed
// pixels are unpacked and counted, so that nothing can stand behind the last of them. The twin of png/.

import { Held, at, join, number, starts, text } from "./bytes";
import { Findings, type What } from "./findings";
import { ascii, big, profile, space, stored, type Space } from "./icc";
import { Inflate } from "./inflate";
import { exif, label, minimal, xmp } from "./look";
import { Adler, Rows, hasUnusedColours, samplesOf, type Header } from "./rows";

const SIGNATURE = "\x89PNG\r\n\x1a\n";
const HEAD_BYTES = 8;
const CHECKSUM_BYTES = 4;
/** As much of a chunk as is looked at. */
const LOOK_BYTES = 64 * 1024;
const CHUNK_MAX_BYTES = 0x7fffffff;

type State = "signature" | "head" | "pixels" | "sum" | "small" | "tail" | "damaged";

/** What becomes of a chunk: it stays behind and tells something, or more is to be done. */
type Fate = "keep" | "profile" | "look" | "broken" | { colours: Space } | { drop: What } | { write: Uint8Array };

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
    const isUnseen = (opacity: number, index: number) => count > 0 && !used.has(index) && opacity !== 0 && opacity !== 255;
    if (hasUnusedColours(palette, used) || this.transparency.some(isUnseen)) this.findings.left("hidden", "structure");
    if (count > 0 && [...used].some((index) => index >= count)) this.findings.couldNot("damaged");
  }

  /** A further frame of a moving picture; the first may be the picture itself. */
  private frame(data: Uint8Array): Fate {
    if (data.length !== 26 || !this.seen.has("acTL")) return { drop: "hidden" };
    if (number(data, 0, 4) !== this.sequence || !this.isSoundFrame(data)) return "broken";
    this.sequence++;
    if (this.begun) {
      const [width, height] = [number(data, 4, 4), number(data, 8, 4)];
      const { header } = this;
      const fits = header && width >= 1 && width <= header.width && height >= 1 && height <= header.height;
      if (!fits || !this.pixels?.isWhole) return "broken";
      this.pixels = new Packed({ ...header, width, height }, true);
    }
    return "keep";
  }

  /** Whether a frame is within the picture and says what is done with it; the one before the pixels is the picture itself. */
  private isSoundFrame(data: Uint8Array): boolean {
    const { header } = this;
    if (!header) return false;
    const [width, height] = [number(data, 4, 4), number(data, 8, 4)];
    const within = width + number(data, 12, 4) <= header.width && height + number(data, 16, 4) <= header.height;
    const isFirst = width === header.width && height === header.height && this.sequence === 0;
    return within && at(data, 24) <= 2 && at(data, 25) <= 1 && (this.begun || isFirst);
  }

  private profile(chunk: Uint8Array, data: Uint8Array, out: Uint8Array[]): void {
    const zero = data.indexOf(0);
    const unpack = new Inflate(LOOK_BYTES);
    unpack.take(zero < 0 ? new Uint8Array(0) : data.subarray(zero + 2));
    const own = space(unpack.kept);
    if (own === "Display P3" && text(ownProfile()) === text(chunk)) {
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

function ownProfile(): Uint8Array {
  return written("iCCP", join([ascii("Display P3\0\0"), stored(profile("Display P3"))]));
}

function written(name: string, data: Uint8Array): Uint8Array {
  const named = join([ascii(name), data]);
  return join([big(data.length), named, big(checksum(0, named))]);
}

function headerOf(data: Uint8Array): Header | undefined {
  const [width, height, depth, colours] = [number(data, 0, 4), number(data, 4, 4), at(data, 8), at(data, 9)];
  const depths = [[1, 2, 4, 8, 16], [], [8, 16], [1, 2, 4, 8], [8, 16], [], [8, 16]][colours] ?? [];
  const isMeasure = (side: number) => side >= 1 && side <= 0x7fffffff;
  const sound = data.length === 13 && depths.includes(depth) && isMeasure(width) && isMeasure(height)
    && at(data, 10) === 0 && at(data, 11) === 0 && at(data, 12) < 2;
  return sound ? { width, height, depth, colours, interlaced: at(data, 12) === 1 } : undefined;
}

/** sRGB's white, red, green and blue, in 100,000ths. */
const CHROMATICITIES = [31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000];

/** What becomes of a chunk that is there once and before the pixels. */
function fateOf(name: string, data: Uint8Array, header: Header | undefined, inPalette: number): Fate {
  if (!header) return name === "IHDR" && headerOf(data) ? "keep" : "broken";
  const keepIf = (sound: boolean, what: What): Fate => (sound ? "keep" : { drop: what });
  const value = (index: number) => number(data, 4 * index, 4);
  const { colours, depth } = header;
  if (name === "PLTE" && colours === 3) {
    return data.length > 0 && data.length % 3 === 0 && data.length <= 3 << depth ? "keep" : "broken";
  }
  if (name === "tRNS") return transparency(data, header, inPalette);
  if (name === "gAMA") return keepIf(data.length === 4 && value(0) === 45455, "device");
  if (name === "cHRM" && data.length === 32) {
    if (CHROMATICITIES.every((one, index) => value(index) === one)) return "keep";
    // Half way between the red of the two: 0.640 and 0.680.
    return { colours: value(2) > 66000 ? "Display P3" : "sRGB" };
  }
  if (name === "sRGB") return keepIf(data.length === 1 && at(data, 0) < 4, "other");
  if (name === "cICP") {
    const known = [1, 9, 12].includes(at(data, 0)) && [1, 8, 13, 14, 16, 18].includes(at(data, 1)) && at(data, 2) === 0 && at(data, 3) < 2;
    return keepIf(data.length === 4 && known, "other");
  }
  if (name === "iCCP") return "profile";
  if (name === "sBIT") {
    const [samples, own] = colours === 3 ? [3, 8] : [samplesOf(header), depth];
    // As many bits as there are: any other number says something of where the picture comes from.
    return keepIf(data.length === samples && data.every((bits) => bits === own), "other");
  }
  // How large it is to be shown: the same both ways, and up to 254,000 dots an inch.
  if (name === "pHYs") return keepIf(data.length === 9 && value(0) === value(1) && value(0) <= 10_000_000 && at(data, 8) < 2, "other");
  if (name !== "acTL") return late(name);
  // Frames, and how often they are played.
  const [frames, plays] = data.length === 8 ? [number(data, 0, 4), number(data, 4, 4)] : [0, 0];
  return keepIf(frames >= 1 && frames <= 10_000 && plays <= 1_000, "other");
}

/** What is transparent: of each colour of the palette how much, or one colour, in as many bits as the picture has. */
function transparency(data: Uint8Array, { colours, depth }: Header, inPalette: number): Fate {
  if (colours === 3 && inPalette > 0 && data.length > inPalette) return { write: data.slice(0, inPalette) };
  if (colours === 3 && inPalette > 0 && data.length > 0) return "keep";
  if (data.length !== (colours === 0 ? 2 : colours === 2 ? 6 : -1)) return { drop: "other" };
  const most = 0xffff >> (16 - depth);
  const masked = data.map((byte, index) => byte & (index % 2 === 0 ? most >> 8 : most & 255));
  return masked.every((byte, index) => byte === data[index]) ? "keep" : { write: masked };
}

/** What becomes of a chunk that is there twice or too late, or that nobody needs. */
function late(name: string): Fate {
  if (name === "IHDR") return "broken";
  // Further pixels than the picture has; and small letters mark what a decoder may leave out.
  if (name === "fdAT" || /^[A-Z]/.test(name)) return { drop: "hidden" };
  return ["cHRM", "gAMA", "iCCP", "mDCV", "cLLI"].includes(name) ? { drop: "device" } : "look";
}

/** The stream of one frame: unpacked to count it, and to look at its rows. */
class Packed {
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

/** Notes what a chunk tells; returns the orientation if it has one, else 0. */
function lookAt(name: string, data: Uint8Array, findings: Findings): number {
  if (name === "eXIf") return exif(data, findings);
  if (name === "tIME") findings.removed("date");
  // C2PA.
  else if (name === "caBX") findings.removed("origin");
  else if (["tEXt", "zTXt", "iTXt"].includes(name)) note(name, data, findings);
  else findings.removed(label(data) ?? "other");
  return 0;
}

const KEYWORDS: Readonly<Record<string, What>> = {
  "author": "author",
  "copyright": "author",
  "artist": "author",
  "software": "software",
  "source": "device",
  "make": "device",
  "model": "device",
  "creation time": "date",
  "date:create": "date",
  "date:modify": "date",
  "date:timestamp": "date",
  "create-date": "date",
  "modify-date": "date",
  "xml:com.adobe.xmp": "other",
};

function note(name: string, data: Uint8Array, findings: Findings): void {
  const zero = data.indexOf(0);
  const end = zero < 0 ? data.length : zero;
  const keyword = text(data.subarray(0, end)).toLowerCase();
  if (keyword === "xml:com.adobe.xmp" && name === "iTXt" && at(data, end + 1) === 0) {
    xmp(data.subarray(end + 1), findings);
    return;
  }
  const what = keyword.startsWith("raw profile type") ? "other" : Object.hasOwn(KEYWORDS, keyword) ? (KEYWORDS[keyword] ?? "comment") : "comment";
  findings.removed(label(data) ?? what);
}

const CRC_TABLE = Int32Array.from({ length: 256 }, (_, index) => {
  let sum = index;
  for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (0xedb88320 & -(sum & 1));
  return sum;
});

/** CRC-32 of what had the sum `sum`, and `bytes` behind it. */
function checksum(sum: number, bytes: Uint8Array): number {
  let next = ~sum;
  for (const byte of bytes) next = (next >>> 8) ^ (CRC_TABLE[(next ^ byte) & 255] ?? 0);
  return ~next >>> 0;
}
