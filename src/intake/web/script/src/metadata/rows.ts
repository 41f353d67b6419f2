// The rows of a picture as they come out of their packing: how each was filtered, what stands in the bits behind its last
// pixel, and which colours of the palette it uses. Nothing is kept but the last two rows, and these only where it matters.
// The twin of png/rows.rs.

import { at } from "./bytes";

/** The picture's measures. */
export interface Header {
  width: number;
  height: number;
  depth: number;
  colours: number;
  interlaced: boolean;
}

export function samplesOf({ colours }: Header): number {
  return colours === 2 ? 3 : colours === 4 ? 2 : colours === 6 ? 4 : 1;
}

/** Longer rows are not looked into: no picture that means well has such. */
const ROW_MAX_BYTES = 1024 * 1024;
/** How a row can be filtered. */
const FILTERS = 5;
/** Adam7: where each pass begins, and how far its pixels are apart. */
const PASSES = [[0, 0, 8, 8], [4, 0, 8, 8], [0, 4, 4, 8], [2, 0, 4, 4], [0, 2, 2, 4], [1, 0, 2, 2], [0, 1, 1, 2]] as const;

/** One pass over a picture, or all of it. */
interface Pass {
  width: number;
  height: number;
  /** Of a row. */
  bytes: number;
}

export class Rows {
  /** Something stands in the bits behind the last pixels. */
  hides = false;
  /** A row is filtered in a way that there is not. */
  broken = false;
  /** Colours of the palette that were used. */
  readonly used = new Set<number>();
  private readonly passes: Pass[];
  private readonly bits: number;
  private readonly indexed: boolean;
  private pass = 0;
  private row = 0;
  private filter = -1;
  private come = 0;
  private above = new Uint8Array(0);
  private now = new Uint8Array(0);
  private padding: boolean | undefined;

  constructor(header: Header) {
    this.bits = header.depth * samplesOf(header);
    this.indexed = header.colours === 3;
    const pass = (width: number, height: number) => ({ width, height, bytes: Math.ceil((width * this.bits) / 8) });
    const part = (side: number, from: number, step: number) => Math.ceil(Math.max(0, side - from) / step);
    this.passes = header.interlaced
      ? PASSES.map(([x, y, across, down]) => pass(part(header.width, x, across), part(header.height, y, down)))
      : [pass(header.width, header.height)];
  }

  /** Bytes of all rows, each with the number of its filter before it. */
  get bytes(): number {
    return this.passes.reduce((sum, { width, height, bytes }) => sum + (width === 0 ? 0 : (1 + bytes) * height), 0);
  }

  take(bytes: Uint8Array): void {
    let place = 0;
    while (place < bytes.length && !this.broken) {
      const pass = this.passes[this.pass];
      if (!pass) return;
      if (pass.width === 0 || this.row === pass.height) {
        this.pass++;
        this.row = 0;
        this.above = new Uint8Array(0);
        continue;
      }
      if (this.filter < 0) {
        this.filter = at(bytes, place++);
        this.broken = this.filter >= FILTERS;
        continue;
      }
      const end = Math.min(bytes.length, place + pass.bytes - this.come);
      const isLookedAt = this.indexed || this.bits < 8;
      if (isLookedAt && pass.bytes > ROW_MAX_BYTES) this.hides = true;
      else if (isLookedAt) this.unfilter(bytes.subarray(place, end), pass.bytes);
      this.come += end - place;
      place = end;
      if (this.come === pass.bytes) this.close(pass, isLookedAt && pass.bytes <= ROW_MAX_BYTES);
    }
  }

  /** What these bytes were before they were filtered: all pixels here are of a byte or less. */
  private unfilter(bytes: Uint8Array, length: number): void {
    const { now, above, filter } = this.roomy(length);
    let place = this.come;
    for (const byte of bytes) {
      const left = place > 0 ? at(now, place - 1) : 0;
      const up = place < above.length ? at(above, place) : 0;
      const corner = place > 0 && place <= above.length ? at(above, place - 1) : 0;
      const guess = filter === 0 ? 0 : filter === 1 ? left : filter === 2 ? up : filter === 3 ? (left + up) >> 1 : paeth(left, up, corner);
      now[place++] = byte + guess;
    }
  }

  private roomy(length: number): this {
    if (this.now.length !== length) this.now = new Uint8Array(length);
    return this;
  }

  private close(pass: Pass, isKept: boolean): void {
    if (isKept) {
      const behind = (8 - ((pass.width * this.bits) % 8)) % 8;
      const ones = (1 << behind) - 1;
      const padding = at(this.now, pass.bytes - 1) & ones;
      if (behind > 0) {
        // Some programs fill the last byte with ones: the same in each row, it says nothing.
        const isOnes = padding === ones;
        this.padding ??= isOnes;
        if ((!isOnes && padding !== 0) || this.padding !== isOnes) this.hides = true;
      }
      if (this.indexed) this.markUsed(pass);
      [this.above, this.now] = [this.now, this.above];
    }
    [this.filter, this.come] = [-1, 0];
    this.row++;
  }

  private markUsed({ width }: Pass): void {
    const inByte = 8 / this.bits;
    for (let pixel = 0; pixel < width; pixel++) {
      const shift = 8 - this.bits * ((pixel % inByte) + 1);
      this.used.add((at(this.now, Math.floor(pixel / inByte)) >> shift) & (0xff >> (8 - this.bits)));
    }
  }
}

function paeth(left: number, up: number, corner: number): number {
  const guess = left + up - corner;
  const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
  return a <= b && a <= c ? left : b <= c ? up : corner;
}

/** The sum over what was packed (RFC 1950, 9). */
export class Adler {
  private low = 1;
  private high = 0;

  add(bytes: Uint8Array): void {
    // So many bytes can be added before the sums are too large.
    for (let from = 0; from < bytes.length; from += 3800) {
      for (let place = from; place < bytes.length && place < from + 3800; place++) {
        this.low += at(bytes, place);
        this.high += this.low;
      }
      this.low %= 65521;
      this.high %= 65521;
    }
  }

  get sum(): number {
    return this.high * 65536 + this.low;
  }
}

/** Whether a palette has colours that no pixel uses and that are more than a filling: black, white, or one that is used. */
export function hasUnusedColours(palette: Uint8Array, used: ReadonlySet<number>): boolean {
  const colours = Array.from({ length: palette.length / 3 }, (_, index) => palette.subarray(3 * index, 3 * index + 3).join());
  const filling = new Set(["0,0,0", "255,255,255", ...colours.filter((_, index) => used.has(index))]);
  return colours.some((colour, index) => !used.has(index) && !filling.has(colour));
}
