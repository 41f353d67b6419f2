// Colour profiles: in the place of one that names a screen or a camera stands one of our own. The twin of icc.rs.

import { join, number, text } from "./bytes";

export type Space = "sRGB" | "Display P3";

const PRIMARIES: Record<Space, readonly number[]> = {
  "sRGB": [0x6fa2, 0x38f5, 0x0390, 0x6299, 0xb785, 0x18da, 0x24a0, 0x0f84, 0xb6cf],
  "Display P3": [0x83df, 0x3dbf, -0x45, 0x4abf, 0xb137, 0x0ab9, 0x2838, 0x110b, 0xc8b9],
};
const WHITE = [0xf6d6, 0x10000, 0xd32d];
const ADAPTATION = [0x10c42, 0x05de, -0x0cdb, 0x0793, 0xfd90, -0x045e, -0x025d, 0x03dc, 0xc06e];
const CURVE = [0x26666, 0xf2a7, 0x0d59, 0x13d0, 0x0a5b];
const HEAD_BYTES = 128;
const ENTRIES_MAX = 100;

/** Which space comes nearest; undefined where the profile is not of red, green and blue. */
export function space(profile: Uint8Array): Space | undefined {
  const word = (place: number) => text(profile.subarray(place, place + 4));
  if (word(36) !== "acsp" || word(16) !== "RGB ") return undefined;
  const count = Math.min(number(profile, HEAD_BYTES, 4), ENTRIES_MAX);
  const columns: number[] = [];
  for (const name of ["rXYZ", "gXYZ", "bXYZ"]) {
    for (let index = 0; index < count; index++) {
      const entry = HEAD_BYTES + 4 + 12 * index;
      if (word(entry) !== name) continue;
      const at = number(profile, entry + 4, 4);
      if (at < 0 || at + 20 > profile.length) return "sRGB";
      for (let axis = 8; axis < 20; axis += 4) columns.push(number(profile, at + axis, 4) | 0);
      break;
    }
  }
  if (columns.length < 9) return "sRGB";
  const far = (from: readonly number[]) => from.reduce((sum, one, index) => sum + Math.abs(one - (columns[index] ?? 0)), 0);
  return far(PRIMARIES["Display P3"]) < far(PRIMARIES.sRGB) ? "Display P3" : "sRGB";
}

export function ascii(word: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(word, (letter) => letter.charCodeAt(0));
}

export function big(...numbers: readonly number[]): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(4 * numbers.length));
  numbers.forEach((value, index) => view.setInt32(4 * index, value));
  return new Uint8Array(view.buffer);
}

/** Our own profile: name, licence, white, three primaries, one curve, and no date or maker. */
export function profile(space: Space): Uint8Array<ArrayBuffer> {
  const words = (said: string) =>
    join([ascii("mluc\0\0\0\0\0\0\0\x01\0\0\0\x0cenUS"), big(2 * said.length, 28), ascii([...said].map((letter) => `\0${letter}`).join(""))]);
  const xyz = (column: readonly number[]) => join([ascii("XYZ \0\0\0\0"), big(...column)]);
  const primaries = PRIMARIES[space];
  const none = new Uint8Array(0);
  const entries: [string, Uint8Array][] = [
    ["desc", words(space)], ["cprt", words("CC0")], ["wtpt", xyz(WHITE)],
    ["chad", join([ascii("sf32\0\0\0\0"), big(...ADAPTATION)])],
    ["rXYZ", xyz(primaries.slice(0, 3))], ["gXYZ", xyz(primaries.slice(3, 6))], ["bXYZ", xyz(primaries.slice(6))],
    // The other two curves are the same one.
    ["rTRC", join([ascii("para\0\0\0\0\0\x03\0\0"), big(...CURVE)])], ["gTRC", none], ["bTRC", none],
  ];
  const list: Uint8Array[] = [];
  const data: Uint8Array[] = [];
  let at = HEAD_BYTES + 4 + 12 * entries.length;
  let last = big(0, 0);
  for (const [name, value] of entries) {
    if (value.length > 0) {
      last = big(at, value.length);
      const room = Math.ceil(value.length / 4) * 4;
      data.push(value, new Uint8Array(room - value.length));
      at += room;
    }
    list.push(ascii(name), last);
  }
  const head = new Uint8Array(HEAD_BYTES);
  head.set(big(at));
  head.set(ascii("\0\0\0\0\x04\x20\0\0mntrRGB XYZ \x07\xd0\0\x01\0\x01\0\0\0\0\0\0acsp"), 4);
  head.set(big(...WHITE), 68);
  return join([head, big(entries.length), ...list, ...data]);
}

/** The same bytes as a zlib stream of one block that is stored as it is. */
export function stored(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  let low = 1;
  let high = 0;
  for (const byte of bytes) {
    low = (low + byte) % 65521;
    high = (high + low) % 65521;
  }
  const size = [bytes.length & 255, bytes.length >> 8];
  return join([Uint8Array.of(0x78, 1, 1, ...size, ...size.map((half) => half ^ 255)), bytes, big(high * 65536 + low)]);
}
