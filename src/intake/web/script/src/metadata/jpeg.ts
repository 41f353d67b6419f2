// JPEG as a stream: only what a decoder needs passes, and picture data are followed to the last block. The twin of jpeg/.

import { Held, at, isZero, join, number, starts, text } from "./bytes";
import { Findings, type What } from "./findings";
import { ascii, profile, space } from "./icc";
import { Walk } from "./jpeg_scan";
import { Tables, segment } from "./jpeg_tables";
import { exif, iptc, label, minimal, xmp } from "./look";

const SOI = 0xd8;
const EOI = 0xd9;
const SOS = 0xda;
const ADOBE = 0xee;
const JFIF_BYTES = 14;
const ADOBE_BYTES = 12;

type State = "start" | "segments" | "scan" | "loose" | "behind" | "tail" | "damaged";
type Once = "header" | "adobe" | "orientation" | "profile";
/** A segment that passes in the place of another, once of its kind. */
type Verdict = { once: Once; bytes: Uint8Array | undefined } | undefined;

export class JpegFilter {
  readonly findings = new Findings();
  private state: State = "start";
  private readonly held = new Held();
  private readonly seen = new Set<string>();
  private readonly tables = new Tables();
  private walk: Walk | undefined;

  feed(input: Uint8Array): Uint8Array[] {
    const out: Uint8Array[] = [];
    let rest: Uint8Array | null = input;
    while (rest !== null && rest.length > 0) {
      if (this.state === "start") rest = this.start(rest, out);
      else if (this.state === "segments") rest = this.segments(rest, out);
      else if (this.state === "scan") rest = this.scan(rest, out);
      else if (this.state === "loose") rest = this.loose(rest, out);
      else if (this.state === "behind") rest = this.behind(rest, out);
      else if (this.state === "tail") {
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
    if (this.state === "behind") {
      // Whole to its last block. Telephones that lose power leave such pictures, and so does who cuts them.
      this.findings.couldNot("damaged");
      out.push(Uint8Array.of(0xff, EOI));
    } else if (this.state !== "tail") {
      this.damaged(out);
    }
    return out;
  }

  private damaged(out: Uint8Array[]): void {
    this.findings.couldNot("damaged");
    this.tables.releaseAll(out);
    out.push(this.held.take());
    this.state = "damaged";
  }

  private pass(out: Uint8Array[]): void {
    this.findings.enter(this.held.bytes.length);
    out.push(this.held.take());
  }

  private drop(what: What): void {
    this.findings.removed(what);
    this.findings.enter(this.held.take().length);
  }

  private start(input: Uint8Array, out: Uint8Array[]): Uint8Array | null {
    const rest = this.held.gather(2, input);
    if (rest === null) return null;
    if (starts(this.held.bytes, "\xff\xd8")) {
      this.pass(out);
      this.state = "segments";
    } else {
      this.damaged(out);
    }
    return rest;
  }

  private segments(input: Uint8Array, out: Uint8Array[]): Uint8Array | null {
    let rest = this.held.gather(2, input);
    if (rest === null) return null;
    const code = at(this.held.bytes, 1);
    if (at(this.held.bytes, 0) !== 0xff) {
      this.damaged(out);
    } else if (code === 0xff) {
      this.fillByte();
    } else if (code === EOI) {
      if (this.tables.leave()) this.findings.removed("other");
      this.pass(out);
      this.state = "tail";
    } else if (code === 0x01 || (code >= 0xd0 && code <= 0xd7)) {
      this.drop("other");
    } else {
      rest = this.segment(code, rest, out);
    }
    return rest;
  }

  /** A marker may have any number of these before it. */
  private fillByte(): void {
    this.held.bytes = this.held.bytes.slice(0, 1);
    this.findings.enter(1);
    this.findings.removed("other");
  }

  private segment(code: number, input: Uint8Array, out: Uint8Array[]): Uint8Array | null {
    let rest = this.held.gather(4, input);
    if (rest === null) return null;
    const length = number(this.held.bytes, 2, 2);
    if (length < 2 || code === SOI || code === 0) {
      this.damaged(out);
      return rest;
    }
    rest = this.held.gather(2 + length, rest);
    if (rest === null) return null;
    const payload = this.held.bytes.subarray(4);
    if (code === SOS) {
      this.beginScan(payload, out);
    } else if (Tables.isOne(code)) {
      const replaced = this.tables.take(code, payload);
      if (replaced === undefined) this.damaged(out);
      else if (replaced) this.drop("other");
      else this.findings.enter(this.held.take().length);
    } else {
      this.place(code, this.held.take());
    }
    return rest;
  }

  private place(code: number, held: Uint8Array): void {
    const verdict = look(code, held.subarray(4), this.findings);
    this.findings.enter(held.length);
    if (!verdict) return;
    const { once, bytes } = verdict;
    const own = this.seen.has(once) ? undefined : bytes;
    const isSame = own !== undefined && text(own) === text(held);
    if (!isSame && (once !== "orientation" || this.findings.isEmpty)) this.findings.removed(TELLS[once]);
    if (own) {
      this.seen.add(once);
      this.tables.keep(own);
    }
  }

  private beginScan(payload: Uint8Array, out: Uint8Array[]): void {
    const scan = this.tables.scan(payload);
    if (!scan) {
      this.damaged(out);
      return;
    }
    if (this.tables.release(scan, out)) this.findings.removed("other");
    this.walk = Walk.of(scan, this.tables);
    this.state = this.walk ? "scan" : "loose";
    if (!this.walk) this.findings.couldNot("unchecked");
    this.pass(out);
  }

  private scan(input: Uint8Array, out: Uint8Array[]): Uint8Array | null {
    const held = join([this.held.take(), input]);
    const [walked, bytes] = this.walk?.on(held) ?? ["broken", 0];
    this.findings.enter(bytes);
    if (bytes > 0) out.push(held.subarray(0, bytes));
    const rest = held.slice(bytes);
    if (walked === "waits") {
      this.held.bytes = rest;
      return null;
    }
    this.state = walked === "whole" ? "behind" : "loose";
    if (walked === "broken") this.findings.couldNot("damaged");
    return rest;
  }

  /** Up to the next marker there is nothing that a decoder looks at. */
  private behind(input: Uint8Array, out: Uint8Array[]): Uint8Array | null {
    const rest = this.held.gather(2, input);
    if (rest === null) return null;
    const [first, code] = [at(this.held.bytes, 0), at(this.held.bytes, 1)];
    if (first === 0xff && code === 0xff) {
      this.fillByte();
    } else if (first === 0xff && code >= 0xd0 && code <= 0xd7) {
      this.drop("other");
    } else if (first === 0xff && code !== 0) {
      return this.marker(rest, out);
    } else {
      this.findings.removed("hidden");
      this.findings.enter(1);
      this.held.bytes = this.held.bytes.slice(1);
      if (code !== 0xff) {
        const next = rest.indexOf(0xff);
        const end = next < 0 ? rest.length : next;
        this.findings.enter(1 + end);
        this.held.take();
        return rest.subarray(end);
      }
    }
    return rest;
  }

  private loose(input: Uint8Array, out: Uint8Array[]): Uint8Array | null {
    let rest: Uint8Array | null = input;
    if (this.held.bytes.length === 0) {
      const next = input.indexOf(0xff);
      const end = next < 0 ? input.length : next;
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
    } else {
      return this.marker(rest, out);
    }
    return rest;
  }

  /** A marker is held, which may be the last thing in the file. */
  private marker(input: Uint8Array, out: Uint8Array[]): Uint8Array | null {
    this.state = "segments";
    return this.segments(input, out);
  }
}

/** What is told of a segment that was written anew, or was there twice. What EXIF tells is noted already. */
const TELLS: Record<Once, What> = { header: "thumbnail", adobe: "software", orientation: "other", profile: "device" };

/** Notes what a segment tells and says what passes in its place. */
function look(code: number, payload: Uint8Array, findings: Findings): Verdict {
  const drop = (what: What): undefined => {
    findings.removed(what);
  };
  if (code === 0xe0 && starts(payload, "JFIF\0") && payload.length >= JFIF_BYTES) {
    const fixed = payload.slice(0, JFIF_BYTES);
    fixed.set([1, Math.min(at(fixed, 6), 2), Math.min(at(fixed, 7), 2)], 5);
    fixed.set([0, 0], 12);
    return { once: "header", bytes: segment(code, fixed) };
  }
  if (code === 0xe0 && starts(payload, "JFXX\0")) return drop("thumbnail");
  if (code === 0xe1 && starts(payload, "Exif\0")) {
    const way = exif(payload.subarray(6), findings);
    const bytes = way > 0 ? segment(code, join([ascii("Exif\0\0"), minimal(way)])) : undefined;
    return { once: "orientation", bytes };
  }
  if (code === 0xe1 && starts(payload, "http://ns.adobe.com/x")) {
    xmp(payload.subarray(payload.indexOf(0) + 1 || payload.length), findings);
    return undefined;
  }
  if (code === 0xe2 && starts(payload, "ICC_PROFILE\0")) {
    const own = payload.length >= 14 && at(payload, 12) === 1 ? space(payload.subarray(14)) : undefined;
    const bytes = own && segment(code, join([ascii("ICC_PROFILE\0\x01\x01"), profile(own)]));
    return { once: "profile", bytes };
  }
  // Says where further pictures follow behind this one.
  if (code === 0xe2 && starts(payload, "MPF\0")) return drop("thumbnail");
  // JUMBF: boxes of C2PA among others.
  if (code === 0xeb && starts(payload, "JP")) return drop("origin");
  if (code === 0xed && starts(payload, "Photoshop 3.0\0")) {
    iptc(payload.subarray(14), findings);
    return undefined;
  }
  // Says how the colours are laid out: decoding needs it.
  if (code === ADOBE && starts(payload, "Adobe") && payload.length >= ADOBE_BYTES) {
    const fixed = payload.slice(0, ADOBE_BYTES);
    fixed.set([0, 100, 0, 0, 0, 0], 5);
    return { once: "adobe", bytes: segment(code, fixed) };
  }
  if (code >= 0xe0 && code <= 0xef) return drop(isZero(payload) ? "other" : (label(payload) ?? "other"));
  if (code === 0xfe) return drop(label(payload) ?? "comment");
  return drop(code === 0xdc ? "other" : "hidden");
}
