// JPEG as a stream: segments pass or stay behind, picture data passes untouched. The twin of jpeg.rs.

import { Held, at, isZero, join, number, starts, text } from "./bytes";
import { Findings, type What } from "./findings";
import { exif, iptc, minimal, xmp } from "./look";

const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;
/** A JFIF header without its small picture. */
const JFIF_BYTES = 18;

type State = "start" | "segments" | "scan" | "tail" | "damaged";
/** A segment is kept, cut to its fixed part, or dropped with this orientation (0: none) put in its place. */
type Verdict = "keep" | "header" | number;

export class JpegFilter {
  readonly findings = new Findings();
  private state: State = "start";
  private readonly held = new Held();
  private oriented = false;

  feed(input: Uint8Array): Uint8Array[] {
    const out: Uint8Array[] = [];
    let rest: Uint8Array | null = input;
    while (rest !== null && rest.length > 0) {
      if (this.state === "start") {
        rest = this.held.gather(2, rest);
        if (rest !== null) {
          const head = this.held.take();
          this.state = at(head, 0) === 0xff && at(head, 1) === SOI ? "segments" : "damaged";
          out.push(head);
        }
      } else if (this.state === "segments") {
        rest = this.segments(rest, out);
      } else if (this.state === "scan") {
        rest = this.scan(rest, out);
      } else if (this.state === "tail") {
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
    // Phones that lose power leave pictures without an end mark; nothing else may be cut short.
    if (this.state !== "tail" && this.state !== "scan") this.findings.damaged();
    return [this.held.take()];
  }

  private segments(input: Uint8Array, out: Uint8Array[]): Uint8Array | null {
    let rest = this.held.gather(2, input);
    if (rest === null) return null;
    const code = at(this.held.bytes, 1);
    if (at(this.held.bytes, 0) !== 0xff) {
      this.state = "damaged";
      out.push(this.held.take());
    } else if (code === 0xff) {
      // A marker may have any number of these before it.
      this.held.bytes = this.held.bytes.slice(0, 1);
    } else if (code === EOI) {
      this.state = "tail";
      out.push(this.held.take());
    } else if (code === 0x01 || (code >= 0xd0 && code <= 0xd7)) {
      out.push(this.held.take());
    } else {
      rest = this.segment(code, rest, out);
    }
    return rest;
  }

  private segment(code: number, input: Uint8Array, out: Uint8Array[]): Uint8Array | null {
    let rest = this.held.gather(4, input);
    if (rest === null) return null;
    const length = number(this.held.bytes, 2, 2);
    if (length < 2 || code === SOI || code === 0) {
      this.state = "damaged";
      out.push(this.held.take());
      return rest;
    }
    rest = this.held.gather(2 + length, rest);
    if (rest === null) return null;
    const segment = this.held.take();
    const verdict = look(code, segment.subarray(4), this.findings);
    if (verdict === "keep") {
      out.push(segment);
    } else if (verdict === "header") {
      const header = segment.slice(0, JFIF_BYTES);
      header.set([0, 16], 2);
      header.set([0, 0], 16);
      out.push(header);
    } else if (verdict > 0 && !this.oriented) {
      this.oriented = true;
      // Marker, length, name: 2 + 6 + 26 bytes.
      const head = Uint8Array.of(0xff, 0xe1, 0, 34, 0x45, 0x78, 0x69, 0x66, 0, 0);
      out.push(join([head, minimal(verdict)]));
    }
    if (code === SOS) this.state = "scan";
    return rest;
  }

  private scan(input: Uint8Array, out: Uint8Array[]): Uint8Array | null {
    let rest: Uint8Array | null = input;
    if (this.held.bytes.length === 0) {
      // Escaped bytes and restart marks belong to the data: one run up to the next true marker.
      let place = 0;
      for (;;) {
        place = input.indexOf(0xff, place);
        if (place < 0 || place + 1 >= input.length) break;
        const next = at(input, place + 1);
        if (next !== 0 && (next < 0xd0 || next > 0xd7)) break;
        place += 2;
      }
      const end = place < 0 ? input.length : place;
      if (end > 0) out.push(input.subarray(0, end));
      rest = input.subarray(end);
    }
    if (rest.length === 0) return rest;
    rest = this.held.gather(2, rest);
    if (rest === null) return null;
    const code = at(this.held.bytes, 1);
    if (code === 0 || (code >= 0xd0 && code <= 0xd7)) {
      out.push(this.held.take());
    } else if (code === 0xff) {
      out.push(Uint8Array.of(0xff));
      this.held.bytes = this.held.bytes.slice(0, 1);
    } else if (code === EOI) {
      this.state = "tail";
      out.push(this.held.take());
    } else {
      this.state = "segments";
    }
    return rest;
  }
}

/** Notes what a segment tells and says what becomes of it. */
function look(code: number, payload: Uint8Array, findings: Findings): Verdict {
  const drop = (what: What): Verdict => {
    findings.removed(what);
    return 0;
  };
  if (code === 0xe0 && starts(payload, "JFIF\0") && payload.length >= JFIF_BYTES - 4) {
    if (payload.length === JFIF_BYTES - 4 && at(payload, 12) === 0 && at(payload, 13) === 0) return "keep";
    findings.removed("thumbnail");
    return "header";
  }
  if (code === 0xe0 && starts(payload, "JFXX\0")) return drop("thumbnail");
  if (code === 0xe1 && starts(payload, "Exif\0")) return exif(payload.subarray(6), findings);
  if (code === 0xe1 && starts(payload, "http://ns.adobe.com/x")) {
    xmp(payload.subarray(text(payload).indexOf("\0") + 1 || payload.length), findings);
    return 0;
  }
  if (code === 0xe2 && starts(payload, "ICC_PROFILE\0")) return "keep";
  // Says where further pictures follow behind this one.
  if (code === 0xe2 && starts(payload, "MPF\0")) return drop("thumbnail");
  if (code === 0xed && starts(payload, "Photoshop 3.0\0")) {
    iptc(payload.subarray(14), findings);
    return 0;
  }
  // Says how the colours are laid out: decoding needs it.
  if (code === 0xee && starts(payload, "Adobe")) return "keep";
  if (code >= 0xe0 && code <= 0xef) return isZero(payload) ? 0 : drop("other");
  return code === 0xfe ? drop("comment") : "keep";
}
