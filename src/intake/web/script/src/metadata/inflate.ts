// Unpacking deflate as it comes, to know where it ends and how much there is; what comes out is kept only as far as asked, or
// handed to whoever looks at it.

import { at, number } from "./bytes";

/** Not enough has come yet. */
const MORE = Symbol();
/** No deflate. */
const BROKEN = Symbol();

/** Codes by length: how many there are of each, and their symbols in order. */
interface Codes {
  counts: Uint16Array;
  symbols: Uint16Array;
  /** By the next nine bits: length times 512, and symbol; 0 where the code is longer. */
  fast: Uint16Array;
}

const FAST_BITS = 9;
/** As far back as a distance goes. */
const WINDOW_BYTES = 32 * 1024;
/** No length and distance together take more. */
const MATCH_BYTES = 8;

const LENGTH_BASE = [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258];
const DISTANCE_BASE = [
  1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577,
];
const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

const lengthExtra = (index: number) => (index < 8 || index === 28 ? 0 : (index >> 2) - 1);
const distanceExtra = (index: number) => (index < 4 ? 0 : (index >> 1) - 1);

function codes(lengths: readonly number[]): Codes {
  const counts = new Uint16Array(16);
  for (const length of lengths) counts[length] = (counts[length] ?? 0) + 1;
  counts[0] = 0;
  let room = 1;
  let used = 0;
  for (let length = 1; length < 16; length++) {
    room = 2 * room - (counts[length] ?? 0);
    used += counts[length] ?? 0;
    if (room < 0) throw BROKEN;
  }
  // Codes that leave room mean nothing, but for one alone.
  if (room > 0 && used > 1) throw BROKEN;
  const symbols: number[] = [];
  for (let length = 1; length < 16; length++) {
    lengths.forEach((one, symbol) => { if (one === length) symbols.push(symbol); });
  }
  return { counts, symbols: Uint16Array.from(symbols), fast: fast(counts, symbols) };
}

function fast(counts: Uint16Array, symbols: readonly number[]): Uint16Array {
  const table = new Uint16Array(1 << FAST_BITS);
  let code = 0;
  let index = 0;
  for (let length = 1; length <= FAST_BITS; length++) {
    for (let one = counts[length] ?? 0; one > 0; one--) {
      let turned = 0;
      for (let bit = 0; bit < length; bit++) turned |= ((code >> bit) & 1) << (length - 1 - bit);
      for (let cell = turned; cell < table.length; cell += 1 << length) table[cell] = (length << FAST_BITS) | (symbols[index] ?? 0);
      code++;
      index++;
    }
    code <<= 1;
  }
  return table;
}

const FIXED_LENGTHS = codes([...Array<number>(144).fill(8), ...Array<number>(112).fill(9), ...Array<number>(24).fill(7), ...Array<number>(8).fill(8)]);
const FIXED_DISTANCES = codes(Array<number>(32).fill(5));

type Step = "zlib" | "block" | "stored" | "codes" | "sum" | "end";

/** A zlib stream. */
export class Inflate {
  /** How many bytes have come out. */
  total = 0;
  broken = false;
  private step: Step = "zlib";
  private held = new Uint8Array(0);
  private place = 0;
  private word = 0;
  private bits = 0;
  private final = false;
  private left = 0;
  private lengths = FIXED_LENGTHS;
  private distances = FIXED_DISTANCES;
  private readonly out: Uint8Array;
  /** The sum at the end, as it was read. */
  sum = 0;
  /** The last 32 KiB that came out, and what comes; where it is filled to, and how far it was handed on. */
  private readonly window: Uint8Array;
  private filled = 0;
  private handed = 0;

  /** Keeps the first `keep` bytes of what comes out, or hands all of it to `each`. */
  constructor(keep = 0, private readonly each?: (bytes: Uint8Array) => void) {
    this.out = new Uint8Array(keep);
    this.window = new Uint8Array(each ? 2 * WINDOW_BYTES : 0);
  }

  get ended(): boolean {
    return this.step === "end";
  }

  get kept(): Uint8Array {
    return this.out.subarray(0, Math.min(this.total, this.out.length));
  }

  /** Takes the next bytes; how many of them belong to the stream. */
  take(bytes: Uint8Array): number {
    const before = this.held.length;
    const held = new Uint8Array(before + bytes.length);
    held.set(this.held);
    held.set(bytes, before);
    this.held = held;
    this.place = 0;
    while (this.step !== "end" && !this.broken) {
      this.quickly();
      if (this.broken) break;
      const [place, word, bits, total, left] = [this.place, this.word, this.bits, this.total, this.left];
      try {
        this.one();
      } catch (stop) {
        if (stop === BROKEN) this.broken = true;
        else if (stop !== MORE) throw stop;
        if (this.step !== "stored") [this.place, this.word, this.bits, this.total, this.left] = [place, word, bits, total, left];
        if (stop === MORE) break;
      }
    }
    this.hand();
    // Bits may be kept from one call to the next, bytes not.
    this.giveBack();
    const used = this.broken ? bytes.length : this.ended ? Math.max(0, this.place - before) : bytes.length;
    this.held = held.slice(this.ended || this.broken ? held.length : this.place);
    return used;
  }

  /** As long as there is enough for any code. */
  private quickly(): void {
    try {
      while (this.step === "codes" && this.held.length - this.place > MATCH_BYTES) this.match();
    } catch (stop) {
      if (stop !== BROKEN) throw stop;
      this.broken = true;
    }
  }

  private giveBack(): void {
    this.place -= this.bits >> 3;
    this.bits &= 7;
    this.word &= (1 << this.bits) - 1;
  }

  private need(count: number): number {
    while (this.bits < count) {
      if (this.place >= this.held.length) throw MORE;
      this.word |= at(this.held, this.place++) << this.bits;
      this.bits += 8;
    }
    const value = this.word & ((1 << count) - 1);
    this.word >>>= count;
    this.bits -= count;
    return value;
  }

  private symbol({ counts, symbols, fast }: Codes): number {
    while (this.bits < FAST_BITS && this.place < this.held.length) {
      this.word |= at(this.held, this.place++) << this.bits;
      this.bits += 8;
    }
    const found = fast[this.word & ((1 << FAST_BITS) - 1)] ?? 0;
    const size = found >> FAST_BITS;
    if (size > 0 && size <= this.bits) {
      this.word >>>= size;
      this.bits -= size;
      return found & ((1 << FAST_BITS) - 1);
    }
    let code = 0;
    let first = 0;
    let index = 0;
    for (let length = 1; length < 16; length++) {
      code |= this.need(1);
      const count = counts[length] ?? 0;
      if (code - count < first) return symbols[index + code - first] ?? 0;
      index += count;
      first = (first + count) << 1;
      code <<= 1;
    }
    throw BROKEN;
  }

  private put(byte: number): void {
    if (this.each) {
      if (this.filled === this.window.length) this.slide();
      this.window[this.filled++] = byte;
    } else if (this.total < this.out.length) {
      this.out[this.total] = byte;
    }
    this.total++;
  }

  private hand(): void {
    if (this.filled > this.handed) this.each?.(this.window.subarray(this.handed, this.filled));
    this.handed = this.filled;
  }

  /** Makes room: what is further back than any distance goes. */
  private slide(): void {
    this.hand();
    if (this.filled <= WINDOW_BYTES) return;
    this.window.copyWithin(0, this.filled - WINDOW_BYTES, this.filled);
    this.filled = this.handed = WINDOW_BYTES;
  }

  /** Goes one step on; what has been read is read again where it was too little. */
  private one(): void {
    if (this.step === "zlib") {
      const [method, flags] = [this.need(8), this.need(8)];
      if ((method & 15) !== 8 || method >> 4 > 7 || flags & 32 || (method * 256 + flags) % 31) throw BROKEN;
      this.step = "block";
    } else if (this.step === "block") {
      this.block();
    } else if (this.step === "stored") {
      const count = Math.min(this.left, this.held.length - this.place);
      for (let index = 0; index < count; index++) this.put(at(this.held, this.place + index));
      this.place += count;
      this.left -= count;
      if (this.left > 0) throw MORE;
      this.next();
    } else if (this.step === "codes") {
      this.match();
    } else {
      this.giveBack();
      this.word = this.bits = 0;
      if (this.held.length - this.place < 4) throw MORE;
      this.sum = number(this.held, this.place, 4);
      this.place += 4;
      this.step = "end";
    }
  }

  private next(): void {
    this.step = this.final ? "sum" : "block";
  }

  private block(): void {
    const final = this.need(1) === 1;
    const kind = this.need(2);
    if (kind === 0) {
      this.giveBack();
      this.word = this.bits = 0;
      const [size, inverse] = [this.need(16), this.need(16)];
      if (size !== (inverse ^ 0xffff)) throw BROKEN;
      this.left = size;
      this.step = "stored";
    } else if (kind === 1) {
      [this.lengths, this.distances] = [FIXED_LENGTHS, FIXED_DISTANCES];
      this.step = "codes";
    } else if (kind === 2) {
      this.dynamic();
      this.step = "codes";
    } else {
      throw BROKEN;
    }
    this.final = final;
  }

  private dynamic(): void {
    const [literals, distances, count] = [this.need(5) + 257, this.need(5) + 1, this.need(4) + 4];
    const first = Array<number>(19).fill(0);
    for (let index = 0; index < count; index++) first[ORDER[index] ?? 0] = this.need(3);
    const table = codes(first);
    const lengths: number[] = [];
    while (lengths.length < literals + distances) {
      const symbol = this.symbol(table);
      if (symbol < 16) {
        lengths.push(symbol);
        continue;
      }
      const last = lengths[lengths.length - 1];
      if (symbol === 16 && last === undefined) throw BROKEN;
      const times = symbol === 16 ? 3 + this.need(2) : symbol === 17 ? 3 + this.need(3) : 11 + this.need(7);
      for (let index = 0; index < times; index++) lengths.push(symbol === 16 ? (last ?? 0) : 0);
    }
    if (lengths.length > literals + distances || literals > 286 || !lengths[256]) throw BROKEN;
    this.lengths = codes(lengths.slice(0, literals));
    this.distances = codes(lengths.slice(literals));
  }

  private match(): void {
    const symbol = this.symbol(this.lengths);
    if (symbol < 256) {
      this.put(symbol);
    } else if (symbol === 256) {
      this.next();
    } else {
      const index = symbol - 257;
      const base = LENGTH_BASE[index];
      if (base === undefined) throw BROKEN;
      const length = base + this.need(lengthExtra(index));
      const far = this.symbol(this.distances);
      const start = DISTANCE_BASE[far];
      if (start === undefined) throw BROKEN;
      const distance = start + this.need(distanceExtra(far));
      if (distance > this.total) throw BROKEN;
      if (this.each) {
        if (this.filled + length > this.window.length) this.slide();
        const { window } = this;
        let to = this.filled;
        for (let from = to - distance, end = to + length; to < end; ) window[to++] = window[from++] ?? 0;
        this.filled = to;
        this.total += length;
      } else if (this.total < this.out.length) for (let step = 0; step < length; step++) this.put(this.out[this.total - distance] ?? 0);
      else this.total += length;
    }
  }
}
