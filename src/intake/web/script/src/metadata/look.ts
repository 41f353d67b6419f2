// Reading what metadata tells, only to say so; it is thrown away whole. The lists are those of exif.rs, xmp.rs and iptc.rs.

import { at, isZero, number, starts, text } from "./bytes";
import type { Findings, What } from "./findings";

const EXIF_IFD = 0x8769;
const GPS_IFD = 0x8825;
const ORIENTATION = 0x0112;
const ENTRIES_MAX = 1000;

/** A TIFF that says which way up, and nothing else. */
export function minimal(orientation: number): Uint8Array {
  return Uint8Array.of(
    0x49, 0x49, 0x2a, 0, 8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0, 0, 0, 0, 0,
  );
}

function within(tag: number, ranges: readonly (readonly [number, number])[]): boolean {
  return ranges.some(([low, high]) => low <= tag && tag <= high);
}

const SHOWING: readonly (readonly [number, number])[] = [
  [0x0100, 0x0103], [0x0106, 0x0106], [0x0112, 0x0112], [0x0115, 0x0115], [0x011a, 0x011c], [0x0128, 0x0128],
  [0x013e, 0x013f], [0x0211, 0x0214], [0x9000, 0x9000], [0x9101, 0x9101], [0xa000, 0xa003], [0xa005, 0xa005],
];

// In this order: the first that has the tag tells.
const TOLD: readonly (readonly [What, readonly (readonly [number, number])[]])[] = [
  ["device", [
    [0x010f, 0x0110], [0x013c, 0x013c], [0x927c, 0x927c], [0xa420, 0xa420], [0xa431, 0xa435],
    [0x829a, 0x829a], [0x829d, 0x829d], [0x8822, 0x8833], [0x9102, 0x920a], [0x9214, 0x9214], [0xa20b, 0xa40c],
  ]],
  ["author", [[0x013b, 0x013b], [0x8298, 0x8298], [0x9c9d, 0x9c9d], [0xa430, 0xa430]]],
  ["software", [[0x000b, 0x000b], [0x0131, 0x0131]]],
  ["date", [[0x0132, 0x0132], [0x9003, 0x9004], [0x9010, 0x9012], [0x9290, 0x9292]]],
  ["comment", [[0x010e, 0x010e], [0x9286, 0x9286], [0x9c9b, 0x9c9c], [0x9c9e, 0x9c9f]]],
];

function tells(tag: number): What | null {
  if (within(tag, SHOWING)) return null;
  return TOLD.find(([, ranges]) => within(tag, ranges))?.[0] ?? "other";
}

/** Notes what EXIF tells. Returns the orientation where it is other than upright, else 0. */
export function exif(tiff: Uint8Array, findings: Findings): number {
  if (label(tiff)) findings.removed("origin");
  const little = starts(tiff, "II*\0");
  if (!little && !starts(tiff, "MM\0*")) {
    if (!isZero(tiff)) findings.removed("other");
    return 0;
  }
  /** Calls `each` with every entry; returns where the next directory is. */
  const entries = (place: number, each: (tag: number, entry: number) => void): number => {
    const count = Math.min(number(tiff, place, 2, little), ENTRIES_MAX);
    for (let index = 0; index < count; index++) {
      const entry = place + 2 + index * 12;
      const tag = number(tiff, entry, 2, little);
      if (tag < 0) return 0;
      each(tag, entry);
    }
    return count < 0 ? 0 : Math.max(0, number(tiff, place + 2 + count * 12, 4, little));
  };
  const note = (what: What | null): void => {
    if (what !== null) findings.removed(what);
  };
  const first = number(tiff, 4, 4, little);
  if (first < 0) return 0;
  let orientation = 0;
  const next = entries(first, (tag, entry) => {
    const value = number(tiff, entry + 8, 4, little);
    if (tag === ORIENTATION) {
      const way = number(tiff, entry + 8, 2, little);
      orientation = way >= 2 && way <= 8 ? way : 0;
    } else if (tag === EXIF_IFD) {
      if (value >= 0) entries(value, (inner) => note(tells(inner)));
    } else if (tag === GPS_IFD) {
      // Tag 0 is the version of the GPS directory.
      if (value >= 0) entries(value, (inner) => note(inner === 0 ? null : "position"));
    } else {
      note(tells(tag));
    }
  });
  // The second directory in line describes the thumbnail.
  if (next !== 0) findings.removed("thumbnail");
  return orientation;
}

const WORDS: readonly (readonly [What, readonly string[]])[] = [
  ["position", [
    "exif:GPS", "photoshop:City", "photoshop:State", "photoshop:Country", "Iptc4xmpCore:Location",
    "Iptc4xmpExt:LocationCreated",
  ]],
  ["device", ["tiff:Make", "tiff:Model", "aux:", "exifEX:"]],
  ["author", [
    "dc:creator", "dc:rights", "photoshop:Credit", "photoshop:AuthorsPosition", "xmpRights:", "pdf:Author",
  ]],
  ["software", ["xmp:CreatorTool", "pdf:Producer", "tiff:Software"]],
  ["date", [
    "xmp:CreateDate", "xmp:ModifyDate", "xmp:MetadataDate", "photoshop:DateCreated", "exif:DateTimeOriginal",
    "tiff:DateTime",
  ]],
  ["thumbnail", ["xmp:Thumbnails"]],
  ["comment", ["dc:description", "dc:title", "dc:subject", "pdf:Keywords", "exif:UserComment"]],
  ["history", ["xmpMM:"]],
  ["origin", ["AIGC", "TC260", "c2pa", "dcterms:provenance", "DigitalSourceType"]],
];

/** The label that says that a machine made a picture (GB 45438-2025), in letters of one byte or two. */
const LABELS = /AIGC|A\0I\0G\0C|TC260|c2pa/;

/** "origin" where a label of it is in these bytes. */
export function label(bytes: Uint8Array): What | undefined {
  return LABELS.test(text(bytes)) ? "origin" : undefined;
}

/** Notes what an XMP packet tells; an empty one tells nothing. */
export function xmp(packet: Uint8Array, findings: Findings): void {
  if (packet.every((byte) => byte === 0 || byte === 0x20)) return;
  const words = text(packet);
  let known = false;
  for (const [what, list] of WORDS) {
    if (list.some((word) => words.includes(word))) {
      findings.removed(what);
      known = true;
    }
  }
  if (!known) findings.removed("other");
}

function dataset(code: number): What | null {
  if ([5, 25, 105, 120].includes(code)) return "comment";
  if ([55, 60, 62, 63].includes(code)) return "date";
  if ([65, 70].includes(code)) return "software";
  if ([80, 85, 110, 115, 116, 122].includes(code)) return "author";
  if ([90, 92, 95, 100, 101].includes(code)) return "position";
  return null;
}

/** Notes what an editor's block (IPTC) tells. */
export function iptc(block: Uint8Array, findings: Findings): void {
  const words = text(block);
  let known = false;
  const each = (mark: string, told: (place: number) => What | null): void => {
    for (let place = words.indexOf(mark); place >= 0; place = words.indexOf(mark, place + mark.length)) {
      const what = told(place);
      if (what !== null) {
        findings.removed(what);
        known = true;
      }
    }
  };
  each("\x1c\x02", (place) => dataset(at(block, place + 2)));
  each("8BIM", (place) => {
    const small = at(block, place + 4) === 4 && [0x09, 0x0c].includes(at(block, place + 5));
    return small ? "thumbnail" : null;
  });
  if (!known) findings.removed("other");
}
