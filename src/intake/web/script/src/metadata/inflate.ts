// Unpacking deflate as it comes, to know where it ends and how much there is; what comes out is kept only as far as asked, or
// handed to whoever looks at it.

import { BitReader, MORE } from "./bit_reader";
import { at, number } from "./bytes";
import { BROKEN, FIXED_DISTANCES, FIXED_LENGTHS, codes } from "./huffman";

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

type Step = "zlib" | "block" | "stored" | "codes" | "sum" | "end";

/** A zlib stream. */
export class Inflate {
  /** How many bytes have come out. */
  total = 0;
  broken = false;
  private step: Step = "zlib";
  private readonly reader = new BitReader();
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
    const { reader } = this;
    const before = reader.held.length;
    reader.add(bytes);
    while (this.step !== "end" && !this.broken) {
      this.quickly();
      if (this.broken) break;
      const [place, word, bits, total, left] = [reader.place, reader.word, reader.bits, this.total, this.left];
      try {
        this.one();
      } catch (stop) {
        if (stop === BROKEN) this.broken = true;
        else if (stop !== MORE) throw stop;
        if (this.step !== "stored") [reader.place, reader.word, reader.bits, this.total, this.left] = [place, word, bits, total, left];
        if (stop === MORE) break;
      }
    }
    this.hand();
    // Bits may be kept from one call to the next, bytes not.
    reader.giveBack();
    const used = this.broken ? bytes.length : this.ended ? Math.max(0, reader.place - before) : bytes.length;
    reader.held = reader.held.slice(this.ended || this.broken ? reader.held.length : reader.place);
    return used;
  }

  /** As long as there is enough for any code. */
  private quickly(): void {
    try {
      while (this.step === "codes" && this.reader.waiting > MATCH_BYTES) this.match();
    } catch (stop) {
      if (stop !== BROKEN) throw stop;
      this.broken = true;
    }
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
    const { reader } = this;
    if (this.step === "zlib") {
      const [method, flags] = [reader.need(8), reader.need(8)];
      if ((method & 15) !== 8 || method >> 4 > 7 || flags & 32 || (method * 256 + flags) % 31) throw BROKEN;
      this.step = "block";
    } else if (this.step === "block") {
      this.block();
    } else if (this.step === "stored") {
      const count = Math.min(this.left, reader.waiting);
      for (let index = 0; index < count; index++) this.put(at(reader.held, reader.place + index));
      reader.place += count;
      this.left -= count;
      if (this.left > 0) throw MORE;
      this.next();
    } else if (this.step === "codes") {
      this.match();
    } else {
      reader.align();
      if (reader.waiting < 4) throw MORE;
      this.sum = number(reader.held, reader.place, 4);
      reader.place += 4;
      this.step = "end";
    }
  }

  private next(): void {
    this.step = this.final ? "sum" : "block";
  }

  private block(): void {
    const { reader } = this;
    const final = reader.need(1) === 1;
    const kind = reader.need(2);
    if (kind === 0) {
      reader.align();
      const [size, inverse] = [reader.need(16), reader.need(16)];
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
    const { reader } = this;
    const [literals, distances, count] = [reader.need(5) + 257, reader.need(5) + 1, reader.need(4) + 4];
    const first = Array<number>(19).fill(0);
    for (let index = 0; index < count; index++) first[ORDER[index] ?? 0] = reader.need(3);
    const table = codes(first);
    const lengths: number[] = [];
    while (lengths.length < literals + distances) {
      const symbol = reader.symbol(table);
      if (symbol < 16) {
        lengths.push(symbol);
        continue;
      }
      const last = lengths[lengths.length - 1];
      if (symbol === 16 && last === undefined) throw BROKEN;
      const times = symbol === 16 ? 3 + reader.need(2) : symbol === 17 ? 3 + reader.need(3) : 11 + reader.need(7);
      for (let index = 0; index < times; index++) lengths.push(symbol === 16 ? (last ?? 0) : 0);
    }
    if (lengths.length > literals + distances || literals > 286 || !lengths[256]) throw BROKEN;
    this.lengths = codes(lengths.slice(0, literals));
    this.distances = codes(lengths.slice(literals));
  }

  private match(): void {
    const { reader } = this;
    const symbol = reader.symbol(this.lengths);
    if (symbol < 256) {
      this.put(symbol);
    } else if (symbol === 256) {
      this.next();
    } else {
      const index = symbol - 257;
      const base = LENGTH_BASE[index];
      if (base === undefined) throw BROKEN;
      const length = base + reader.need(lengthExtra(index));
      const far = reader.symbol(this.distances);
      const start = DISTANCE_BASE[far];
      if (start === undefined) throw BROKEN;
      const distance = start + reader.need(distanceExtra(far));
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
