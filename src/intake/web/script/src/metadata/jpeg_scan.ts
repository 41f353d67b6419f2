// Following picture data block by block, without working out a single pixel, to know where it ends. The twin of scan.rs.

import { at } from "./bytes";
import type { Frame, Huffman, Scan, Tables } from "./jpeg_tables";

/** Blocks of which a progressive picture's history is kept: 8 MiB. */
const BLOCKS_MAX = 1 << 20;

/** More of it must come; all blocks were there; a marker came too early, or a code that there is not. */
export type Walked = "waits" | "whole" | "broken";

class Stop {
  constructor(readonly walked: Walked) {}
}
const MORE = new Stop("waits");
const BROKEN = new Stop("broken");

type Mode = "sequential" | "first-dc" | "refine-dc" | "first-ac" | "refine-ac";

function modeOf(frame: Frame, scan: Scan): Mode | undefined {
  const { first, last, refines } = scan;
  if (frame.code === 0xc0 || frame.code === 0xc1) return first === 0 && last === 63 && !refines ? "sequential" : undefined;
  if (frame.code !== 0xc2) return undefined;
  if (first === 0) return last === 0 ? (refines ? "refine-dc" : "first-dc") : undefined;
  if (first > last || last > 63 || scan.parts.length !== 1) return undefined;
  return refines ? "refine-ac" : "first-ac";
}

/** How many units a scan has, and of which of its parts the blocks of one are. */
function layout(frame: Frame, { parts }: Scan): [number, number[]] {
  const across = Math.max(...frame.components.map((one) => one.across));
  const down = Math.max(...frame.components.map((one) => one.down));
  const sides = parts.map((part) => frame.components[part.component] ?? { across: 1, down: 1 });
  const [only] = sides;
  if (sides.length === 1 && only) {
    const wide = Math.ceil(Math.ceil((frame.width * only.across) / across) / 8);
    return [wide * Math.ceil(Math.ceil((frame.height * only.down) / down) / 8), [0]];
  }
  const units = Math.ceil(frame.width / (8 * across)) * Math.ceil(frame.height / (8 * down));
  return [units, sides.flatMap((one, index) => Array<number>(one.across * one.down).fill(index))];
}

export class Walk {
  private readonly restart: number;
  private untilRestart: number;
  private nextMark = 0;
  private emptyRun = 0;
  private block = 0;
  private data = new Uint8Array(0);
  private place = 0;
  /** Bits that were read and not used. */
  private word = 0;
  private bits = 0;

  private constructor(
    private readonly scan: Scan, private readonly mode: Mode, private units: number, private readonly unit: number[],
    private readonly tables: Tables,
  ) {
    this.restart = this.untilRestart = tables.restart;
  }

  /** Undefined for a coding that cannot be followed here. */
  static of(scan: Scan, tables: Tables): Walk | undefined {
    const { frame } = tables;
    const mode = frame && modeOf(frame, scan);
    if (!mode) return undefined;
    const [units, unit] = layout(frame, scan);
    if (mode.endsWith("-ac")) {
      if (units > BLOCKS_MAX) return undefined;
      const [part] = scan.parts;
      if (part && !tables.history[part.component]?.length) tables.history[part.component] = new Uint32Array(2 * units);
    }
    const isThere = scan.parts.every(({ dc, ac }) => {
      const [hasDc, hasAc] = [tables.huffman[dc] !== undefined, tables.huffman[4 + ac] !== undefined];
      if (mode === "refine-dc") return true;
      return mode === "sequential" ? hasDc && hasAc : mode === "first-dc" ? hasDc : hasAc;
    });
    return isThere ? new Walk(scan, mode, units, unit, tables) : undefined;
  }

  /** Goes on through `data`, which begins where the last call ended; how many bytes were used up. */
  on(data: Uint8Array<ArrayBuffer>): [Walked, number] {
    this.data = data;
    this.place = 0;
    let walked: Walked = "whole";
    while (this.units > 0) {
      const [place, word, bits, run] = [this.place, this.word, this.bits, this.emptyRun];
      try {
        if (this.restart > 0 && this.untilRestart === 0) this.mark();
        else this.one();
      } catch (stop) {
        if (!(stop instanceof Stop)) throw stop;
        [this.place, this.word, this.bits, this.emptyRun] = [place, word, bits, run];
        walked = stop.walked;
        break;
      }
    }
    this.giveBack();
    if (walked === "whole") this.word = this.bits = 0;
    return [walked, this.place];
  }

  private mark(): void {
    this.giveBack();
    if (this.place + 2 > this.data.length) throw MORE;
    if (at(this.data, this.place) !== 0xff || at(this.data, this.place + 1) !== 0xd0 + this.nextMark) throw BROKEN;
    this.place += 2;
    this.word = this.bits = this.emptyRun = 0;
    this.nextMark = (this.nextMark + 1) % 8;
    this.untilRestart = this.restart;
  }

  private table(index: number): Huffman {
    const table = this.tables.huffman[index];
    if (!table) throw BROKEN;
    return table;
  }

  private one(): void {
    for (const index of this.unit) {
      const part = this.scan.parts[index];
      if (!part) throw BROKEN;
      if (this.mode === "sequential") {
        this.difference(this.table(part.dc));
        this.coefficients(this.table(4 + part.ac));
      } else if (this.mode === "first-dc") {
        this.difference(this.table(part.dc));
      } else if (this.mode === "refine-dc") {
        this.take(1);
      } else {
        this.oneOfSome(this.table(4 + part.ac), part.component);
      }
    }
    this.block++;
    this.units--;
    if (this.untilRestart > 0) this.untilRestart--;
  }

  private fill(): void {
    while (this.bits <= 16) {
      const byte = this.data[this.place];
      if (byte === undefined) return;
      if (byte === 0xff) {
        if (this.data[this.place + 1] !== 0) return;
        this.place++;
      }
      this.place++;
      this.word = ((this.word << 8) | byte) & 0xffffff;
      this.bits += 8;
    }
  }

  /** Puts back whole bytes: an escaped one takes two. */
  private giveBack(): void {
    while (this.bits >= 8) {
      this.place -= (this.word & 255) === 255 ? 2 : 1;
      this.word >>>= 8;
      this.bits -= 8;
    }
  }

  /** Why there are no more bits: a marker is there, or the file goes on elsewhere. */
  private dry(): Stop {
    return this.place + 2 <= this.data.length ? BROKEN : MORE;
  }

  private take(count: number): number {
    if (this.bits < count) {
      this.fill();
      if (this.bits < count) throw this.dry();
    }
    this.bits -= count;
    return (this.word >>> this.bits) & ((1 << count) - 1);
  }

  private symbol(table: Huffman): number {
    if (this.bits < 16) this.fill();
    const ahead = (this.bits >= 16 ? this.word >>> (this.bits - 16) : this.word << (16 - this.bits)) & 0xffff;
    let found = table.short[ahead >> 8] ?? 0;
    for (let length = 9; found === 0 && length <= 16; length++) {
      const [end, start, place] = table.long[length] ?? [0, 0, 0];
      const code = ahead >> (16 - length);
      if (code >= start && code < end) found = (length << 8) | at(table.symbols, place + code - start);
    }
    if (found === 0) throw this.bits < 16 ? this.dry() : BROKEN;
    if (found >> 8 > this.bits) throw this.dry();
    this.bits -= found >> 8;
    return found & 255;
  }

  private difference(table: Huffman): void {
    this.take(this.symbol(table));
  }

  private coefficients(table: Huffman): void {
    for (let place = 1; place < 64;) {
      const symbol = this.symbol(table);
      if (symbol === 0xf0) {
        place += 16;
      } else if ((symbol & 15) === 0) {
        return;
      } else {
        place += (symbol >> 4) + 1;
        this.take(symbol & 15);
      }
      if (place > 64) throw BROKEN;
    }
  }

  private oneOfSome(table: Huffman, component: number): void {
    const history = this.tables.history[component] ?? new Uint32Array(0);
    const halves = [history[2 * this.block] ?? 0, history[2 * this.block + 1] ?? 0];
    this.emptyRun = this.mode === "first-ac" ? this.first(table, halves) : this.refine(table, halves);
    history.set(halves, 2 * this.block);
  }

  /** How many blocks of nothing follow this one. */
  private run(size: number): number {
    return (1 << size) - 1 + this.take(size);
  }

  private first(table: Huffman, halves: number[]): number {
    if (this.emptyRun > 0) return this.emptyRun - 1;
    const { last } = this.scan;
    for (let place = this.scan.first; place <= last;) {
      const symbol = this.symbol(table);
      const [zeros, size] = [symbol >> 4, symbol & 15];
      if (size === 0 && zeros < 15) return this.run(zeros);
      if (size === 0) {
        place += 16;
        continue;
      }
      place += zeros;
      if (place > last) throw BROKEN;
      this.take(size);
      set(halves, place++);
    }
    return 0;
  }

  private refine(table: Huffman, halves: number[]): number {
    const { first, last } = this.scan;
    let [place, run] = [first, this.emptyRun];
    while (run === 0 && place <= last) {
      const symbol = this.symbol(table);
      let zeros = symbol >> 4;
      const size = symbol & 15;
      if (size === 0 && zeros < 15) {
        run = this.run(zeros) + 1;
        break;
      }
      if (size > 1) throw BROKEN;
      this.take(size);
      for (; place <= last; place++) {
        if (has(halves, place)) this.take(1);
        else if (zeros-- === 0) break;
      }
      if (size === 1) {
        if (place > last) throw BROKEN;
        set(halves, place);
      }
      place++;
    }
    if (run === 0) return 0;
    for (; place <= last; place++) if (has(halves, place)) this.take(1);
    return run - 1;
  }
}

function has(halves: number[], place: number): boolean {
  return (((halves[place >> 5] ?? 0) >>> (place & 31)) & 1) === 1;
}

function set(halves: number[], place: number): void {
  halves[place >> 5] = ((halves[place >> 5] ?? 0) | (1 << (place & 31))) >>> 0;
}
