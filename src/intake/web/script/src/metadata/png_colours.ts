// What says how the pixels of a PNG are to be shown: the colour space, and the palette. The twin of png/colours.rs.

import { join, text } from "./bytes";
import { ascii, profile, space, stored, type Space } from "./icc";
import { Inflate } from "./inflate";
import { written } from "./png_chunks";
import { hasUnusedColours } from "./rows";

/** As much of a profile as is unpacked. */
const PROFILE_BYTES = 64 * 1024;

/** The chunk with our own profile of Display P3. */
export function ownProfile(): Uint8Array {
  return written("iCCP", join([ascii("Display P3\0\0"), stored(profile("Display P3"))]));
}

export function isOwnProfile(chunk: Uint8Array): boolean {
  return text(ownProfile()) === text(chunk);
}

/** Which space the profile in the data of an `iCCP` chunk comes nearest. */
export function profileSpace(data: Uint8Array): Space | undefined {
  const zero = data.indexOf(0);
  const unpack = new Inflate(PROFILE_BYTES);
  unpack.take(zero < 0 ? new Uint8Array(0) : data.subarray(zero + 2));
  return space(unpack.kept);
}

/** Whether the palette, or how transparent its colours are, says something that no pixel shows. */
export function hidesInPalette(palette: Uint8Array, transparency: Uint8Array, used: ReadonlySet<number>): boolean {
  const count = palette.length / 3;
  const isUnseen = (opacity: number, index: number) => count > 0 && !used.has(index) && opacity !== 0 && opacity !== 255;
  return hasUnusedColours(palette, used) || transparency.some(isUnseen);
}
