// Chunks of a PNG that a decoder needs or that say how to show the picture: what each must be like to be kept, and how one
// is written. The twin of png/known.rs.

import { at, join, number } from "./bytes";
import type { What } from "./findings";
import { ascii, big, type Space } from "./icc";
import { checksum } from "./png_checksum";
import { samplesOf, type Header } from "./rows";

/** What becomes of a chunk: it stays behind and tells something, or more is to be done. */
export type Fate = "keep" | "profile" | "look" | "broken" | { colours: Space } | { drop: What } | { write: Uint8Array };

/** A whole chunk: length, name, data and sum. */
export function written(name: string, data: Uint8Array): Uint8Array {
  const named = join([ascii(name), data]);
  return join([big(data.length), named, big(checksum(0, named))]);
}

/** What the first chunk says, or undefined where it is not as the standard has it. */
export function headerOf(data: Uint8Array): Header | undefined {
  const [width, height, depth, colours] = [number(data, 0, 4), number(data, 4, 4), at(data, 8), at(data, 9)];
  const depths = [[1, 2, 4, 8, 16], [], [8, 16], [1, 2, 4, 8], [8, 16], [], [8, 16]][colours] ?? [];
  const isMeasure = (side: number) => side >= 1 && side <= 0x7fffffff;
  const sound = data.length === 13 && depths.includes(depth) && isMeasure(width) && isMeasure(height)
    && at(data, 10) === 0 && at(data, 11) === 0 && at(data, 12) < 2;
  return sound ? { width, height, depth, colours, interlaced: at(data, 12) === 1 } : undefined;
}

/** sRGB's white, red, green and blue, in 100,000ths. */
const CHROMATICITIES = [31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000];

/** What becomes of a chunk that is there once and before the pixels. */
export function fateOf(name: string, data: Uint8Array, header: Header | undefined, inPalette: number): Fate {
  if (!header) return name === "IHDR" && headerOf(data) ? "keep" : "broken";
  const keepIf = (sound: boolean, what: What): Fate => (sound ? "keep" : { drop: what });
  const value = (index: number) => number(data, 4 * index, 4);
  const { colours, depth } = header;
  if (name === "PLTE" && colours === 3) {
    return data.length > 0 && data.length % 3 === 0 && data.length <= 3 << depth ? "keep" : "broken";
  }
  if (name === "tRNS") return transparency(data, header, inPalette);
  if (name === "gAMA") return keepIf(data.length === 4 && value(0) === 45455, "device");
  if (name === "cHRM" && data.length === 32) {
    if (CHROMATICITIES.every((one, index) => value(index) === one)) return "keep";
    // Half way between the red of the two: 0.640 and 0.680.
    return { colours: value(2) > 66000 ? "Display P3" : "sRGB" };
  }
  if (name === "sRGB") return keepIf(data.length === 1 && at(data, 0) < 4, "other");
  if (name === "cICP") {
    const known = [1, 9, 12].includes(at(data, 0)) && [1, 8, 13, 14, 16, 18].includes(at(data, 1)) && at(data, 2) === 0 && at(data, 3) < 2;
    return keepIf(data.length === 4 && known, "other");
  }
  if (name === "iCCP") return "profile";
  if (name === "sBIT") {
    const [samples, own] = colours === 3 ? [3, 8] : [samplesOf(header), depth];
    // As many bits as there are: any other number says something of where the picture comes from.
    return keepIf(data.length === samples && data.every((bits) => bits === own), "other");
  }
  // How large it is to be shown: the same both ways, and up to 254,000 dots an inch.
  if (name === "pHYs") return keepIf(data.length === 9 && value(0) === value(1) && value(0) <= 10_000_000 && at(data, 8) < 2, "other");
  if (name !== "acTL") return late(name);
  // Frames, and how often they are played.
  const [frames, plays] = data.length === 8 ? [number(data, 0, 4), number(data, 4, 4)] : [0, 0];
  return keepIf(frames >= 1 && frames <= 10_000 && plays <= 1_000, "other");
}

/** What is transparent: of each colour of the palette how much, or one colour, in as many bits as the picture has. */
function transparency(data: Uint8Array, { colours, depth }: Header, inPalette: number): Fate {
  if (colours === 3 && inPalette > 0 && data.length > inPalette) return { write: data.slice(0, inPalette) };
  if (colours === 3 && inPalette > 0 && data.length > 0) return "keep";
  if (data.length !== (colours === 0 ? 2 : colours === 2 ? 6 : -1)) return { drop: "other" };
  const most = 0xffff >> (16 - depth);
  const masked = data.map((byte, index) => byte & (index % 2 === 0 ? most >> 8 : most & 255));
  return masked.every((byte, index) => byte === data[index]) ? "keep" : { write: masked };
}

/** What becomes of a chunk that is there twice or too late, or that nobody needs. */
export function late(name: string): Fate {
  if (name === "IHDR") return "broken";
  // Further pixels than the picture has; and small letters mark what a decoder may leave out.
  if (name === "fdAT" || /^[A-Z]/.test(name)) return { drop: "hidden" };
  return ["cHRM", "gAMA", "iCCP", "mDCV", "cLLI"].includes(name) ? { drop: "device" } : "look";
}

/**
 * Whether a frame is within the picture and says what is done with it; the one before the pixels is the picture itself.
 * `sequence` is which chunk of the moving picture it is, `begun` whether pixels have come.
 */
export function isSoundFrame(data: Uint8Array, header: Header, sequence: number, begun: boolean): boolean {
  const [width, height] = [number(data, 4, 4), number(data, 8, 4)];
  const within = width + number(data, 12, 4) <= header.width && height + number(data, 16, 4) <= header.height;
  const isFirst = width === header.width && height === header.height && sequence === 0;
  return within && at(data, 24) <= 2 && at(data, 25) <= 1 && (begun || isFirst);
}
