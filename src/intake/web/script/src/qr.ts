// The QR symbol of a pickup code, and of nothing else: 28 digits, numeric mode, version 2 with error correction H
// (ISO/IEC 18004), so that a creased card still reads. 25 × 25 modules, true is dark.

const SIZE = 25;
const DATA_BYTES = 16;
const CORRECTION_BYTES = 28;
/** Error correction H and mask 0 with their BCH code, masked as the standard says. */
const FORMAT_BITS = 0b001011010001001;

export function qrOf(digits: string): boolean[][] {
  if (!/^[0-9]{28}$/.test(digits)) throw new Error("not a pickup code");
  const data = dataBytes(digits);
  return drawn([...data, ...correction(data)]);
}

/** Mode, count, digits three by three, terminator, padding. */
function dataBytes(digits: string): number[] {
  const bits = (value: number, length: number) => value.toString(2).padStart(length, "0");
  let text = bits(0b0001, 4) + bits(digits.length, 10);
  for (const group of digits.match(/.{1,3}/g) ?? []) text += bits(Number(group), [0, 4, 7, 10][group.length] ?? 10);
  text += "0000";
  text = text.padEnd(Math.ceil(text.length / 8) * 8, "0");
  const bytes = (text.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2));
  for (let pad = 0xec; bytes.length < DATA_BYTES; pad ^= 0xec ^ 0x11) bytes.push(pad);
  return bytes;
}

/** Multiplication in GF(2⁸) modulo x⁸+x⁴+x³+x²+1. */
function times(a: number, b: number): number {
  let product = 0;
  for (let bit = 7; bit >= 0; bit -= 1) {
    product = (product << 1) ^ (product & 0x80 ? 0x11d : 0);
    if ((b >> bit) & 1) product ^= a;
  }
  return product;
}

/** Reed-Solomon: the remainder of the data divided by the product of (x - 2ⁱ). */
function correction(data: number[]): number[] {
  let divisor = [1];
  for (let power = 1, i = 0; i < CORRECTION_BYTES; i += 1, power = times(power, 2)) {
    const next = [...divisor, 0];
    divisor.forEach((factor, at) => {
      next[at + 1] = (next[at + 1] ?? 0) ^ times(factor, power);
    });
    divisor = next;
  }
  let rest: number[] = Array.from({ length: CORRECTION_BYTES }, () => 0);
  for (const byte of data) {
    const factor = byte ^ (rest[0] ?? 0);
    rest = [...rest.slice(1), 0].map((value, at) => value ^ times(divisor[at + 1] ?? 0, factor));
  }
  return rest;
}

function drawn(bytes: number[]): boolean[][] {
  const modules: (boolean | undefined)[][] = Array.from({ length: SIZE }, () => new Array(SIZE).fill(undefined));
  const set = (x: number, y: number, dark: boolean) => {
    const row = modules[y];
    if (row && x >= 0 && x < SIZE) row[x] = dark;
  };
  const ring = (cx: number, cy: number, radius: number, light: (distance: number) => boolean) => {
    for (let dy = -radius; dy <= radius; dy += 1) {
      for (let dx = -radius; dx <= radius; dx += 1) {
        set(cx + dx, cy + dy, !light(Math.max(Math.abs(dx), Math.abs(dy))));
      }
    }
  };
  for (let i = 0; i < SIZE; i += 1) {
    set(6, i, i % 2 === 0);
    set(i, 6, i % 2 === 0);
  }
  const corners: [number, number][] = [[3, 3], [SIZE - 4, 3], [3, SIZE - 4]];
  for (const [x, y] of corners) ring(x, y, 4, (distance) => distance === 2 || distance === 4);
  ring(SIZE - 7, SIZE - 7, 2, (distance) => distance === 1);
  drawFormat(set);
  drawData(modules, bytes);
  return modules.map((row) => row.map((dark) => dark === true));
}

function drawFormat(set: (x: number, y: number, dark: boolean) => void): void {
  const bit = (i: number) => ((FORMAT_BITS >> i) & 1) === 1;
  for (let i = 0; i < 15; i += 1) {
    // Once around the upper left corner, passing over the timing lines, and once along the other two.
    const around = i < 6 ? i : i < 8 ? i + 1 : 14 - i + (i === 8 ? 1 : 0);
    if (i < 8) set(8, around, bit(i));
    else set(around, 8, bit(i));
    if (i < 8) set(SIZE - 1 - i, 8, bit(i));
    else set(8, SIZE - 15 + i, bit(i));
  }
  set(8, SIZE - 8, true);
}

/** In columns of two from the right, up and down in turn, with mask 0: dark and light change where x + y is even. */
function drawData(modules: (boolean | undefined)[][], bytes: number[]): void {
  let at = 0;
  let upward = true;
  for (let right = SIZE - 1; right > 0; right -= 2, upward = !upward) {
    if (right === 6) right = 5;
    for (let step = 0; step < SIZE; step += 1) {
      const y = upward ? SIZE - 1 - step : step;
      for (const x of [right, right - 1]) {
        const row = modules[y];
        if (!row || row[x] !== undefined) continue;
        const dark = (((bytes[at >> 3] ?? 0) >> (7 - (at & 7))) & 1) === 1;
        at += 1;
        row[x] = dark !== ((x + y) % 2 === 0);
      }
    }
  }
}
