// Reading deflate's bits, lowest first, from bytes that may end anywhere.

import { at } from "./bytes";
import { BROKEN, FAST_BITS, type Codes } from "./huffman";

/** Not enough has come yet. */
export const MORE = Symbol();

/** Throws `MORE` where bytes are missing, and `BROKEN` where no code fits. */
export class BitReader {
  held = new Uint8Array(0);
  /** The next byte in `held` that is not in the word yet. */
  place = 0;
  /** Bits that have been taken from `held`, and how many. */
  word = 0;
  bits = 0;

  /** Bytes that are not in the word yet. */
  get waiting(): number {
    return this.held.length - this.place;
  }

  /** Puts the next bytes behind those that are held. */
  add(bytes: Uint8Array): void {
    const before = this.held.length;
    const held = new Uint8Array(before + bytes.length);
    held.set(this.held);
    held.set(bytes, before);
    this.held = held;
    this.place = 0;
  }

  /** Goes on at the next whole byte. */
  align(): void {
    this.giveBack();
    this.word = this.bits = 0;
  }

  /** Gives back whole bytes that were taken into the word and not read. */
  giveBack(): void {
    this.place -= this.bits >> 3;
    this.bits &= 7;
    this.word &= (1 << this.bits) - 1;
  }

  /** The next `count` bits, at most 16, as a number. */
  need(count: number): number {
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

  /** The next symbol in these codes. */
  symbol({ counts, symbols, fast }: Codes): number {
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
}
