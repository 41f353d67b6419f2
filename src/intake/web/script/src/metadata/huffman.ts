// Huffman codes as deflate has them: built of their lengths, and looked up by the next bits.

/** No deflate. */
export const BROKEN = Symbol();

/** How many bits are looked up at once. */
export const FAST_BITS = 9;

/** Codes by length: how many there are of each, and their symbols in order. */
export interface Codes {
  counts: Uint16Array;
  symbols: Uint16Array;
  /** By the next nine bits: length times 512, and symbol; 0 where the code is longer. */
  fast: Uint16Array;
}

/** The codes of symbols that have these lengths, 0 where a symbol has none; throws `BROKEN` where there can be none such. */
export function codes(lengths: readonly number[]): Codes {
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

/** What the next nine bits say, for all codes of at most nine. */
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

export const FIXED_LENGTHS = codes([...Array<number>(144).fill(8), ...Array<number>(112).fill(9), ...Array<number>(24).fill(7), ...Array<number>(8).fill(8)]);
export const FIXED_DISTANCES = codes(Array<number>(32).fill(5));
