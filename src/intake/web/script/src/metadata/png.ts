// PNG as a stream: chunks that make the picture pass, all others stay behind. The twin of png.rs.

import { Held, at, join, number, starts, text } from "./bytes";
import { Findings, type What } from "./findings";
import { exif, minimal, xmp } from "./look";

const SIGNATURE = "\x89PNG\r\n\x1a\n";
const CHECKSUM_BYTES = 4;
/** As much of a chunk as is looked at. */
const LOOK_BYTES = 64 * 1024;
const CHUNK_MAX_BYTES = 0x7fffffff;
const KEPT = new Set(
  "IHDR PLTE IDAT tRNS cHRM gAMA sBIT sRGB iCCP cICP mDCV cLLI bKGD hIST pHYs acTL fcTL fdAT".split(" "),
);

type State = "signature" | "head" | "pass" | "drop" | "last" | "tail" | "damaged";

export class PngFilter {
  readonly findings = new Findings();
  private state: State = "signature";
  /** Bytes of the chunk that have not come yet. */
  private left = 0;
  private readonly held = new Held();
  private oriented = false;

  feed(input: Uint8Array): Uint8Array[] {
    const out: Uint8Array[] = [];
    let rest: Uint8Array | null = input;
    while (rest !== null && rest.length > 0) {
      if (this.state === "signature") {
        rest = this.held.gather(SIGNATURE.length, rest);
        if (rest !== null) {
          const head = this.held.take();
          this.state = starts(head, SIGNATURE) ? "head" : "damaged";
          out.push(head);
        }
      } else if (this.state === "head") {
        rest = this.held.gather(8, rest);
        if (rest !== null) this.chunk(out);
      } else if (this.state === "tail") {
        this.findings.removed("hidden");
        return out;
      } else if (this.state === "damaged") {
        out.push(rest);
        return out;
      } else {
        rest = this.body(rest, out);
      }
    }
    return out;
  }

  finish(): Uint8Array[] {
    if (this.state === "tail") return [];
    this.findings.damaged();
    return [this.held.take()];
  }

  private chunk(out: Uint8Array[]): void {
    const head = this.held.take();
    const size = number(head, 0, 4);
    const name = text(head.subarray(4));
    if (size > CHUNK_MAX_BYTES || !/^[A-Za-z]{4}$/.test(name)) {
      this.state = "damaged";
      out.push(head);
      return;
    }
    this.left = size + CHECKSUM_BYTES;
    if (name === "IEND" || KEPT.has(name)) {
      this.state = name === "IEND" ? "last" : "pass";
      out.push(head);
    } else {
      this.state = "drop";
      this.held.bytes = head.slice(4);
    }
  }

  private body(input: Uint8Array, out: Uint8Array[]): Uint8Array {
    const taken = Math.min(this.left, input.length);
    const now = input.subarray(0, taken);
    if (this.state === "drop") {
      // The checksum is no part of the data.
      const data = Math.min(taken, Math.max(0, this.left - CHECKSUM_BYTES));
      const room = Math.max(0, LOOK_BYTES - this.held.bytes.length);
      this.held.gather(this.held.bytes.length + Math.min(data, room), now);
    } else {
      out.push(now);
    }
    this.left -= taken;
    if (this.left === 0) {
      if (this.state === "drop") this.orient(look(this.held.take(), this.findings), out);
      this.state = this.state === "last" ? "tail" : "head";
    }
    return input.subarray(taken);
  }

  private orient(orientation: number, out: Uint8Array[]): void {
    if (orientation === 0 || this.oriented) return;
    this.oriented = true;
    const chunk = join([Uint8Array.of(0x65, 0x58, 0x49, 0x66), minimal(orientation)]);
    const sum = checksum(chunk);
    const end = Uint8Array.of(sum >>> 24, (sum >>> 16) & 255, (sum >>> 8) & 255, sum & 255);
    out.push(join([Uint8Array.of(0, 0, 0, 26), chunk, end]));
  }
}

/** Notes what a chunk, its name first, tells; returns the orientation if it has one, else 0. */
function look(chunk: Uint8Array, findings: Findings): number {
  const name = text(chunk.subarray(0, 4));
  const data = chunk.subarray(4);
  if (name === "eXIf") return exif(data, findings);
  if (name === "tIME") findings.removed("date");
  else if (["tEXt", "zTXt", "iTXt"].includes(name)) note(name, data, findings);
  else findings.removed("other");
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
  } else if (keyword.startsWith("raw profile type")) {
    findings.removed("other");
  } else {
    findings.removed(Object.hasOwn(KEYWORDS, keyword) ? (KEYWORDS[keyword] ?? "comment") : "comment");
  }
}

/** CRC-32 as PNG has it; only for the few bytes written here. */
function checksum(bytes: Uint8Array): number {
  let sum = 0xffffffff;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit++) sum = (sum >>> 1) ^ (0xedb88320 & -(sum & 1));
  }
  return ~sum >>> 0;
}
