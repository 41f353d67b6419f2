// Which files are taken, told by their first bytes and held against the ending of their name: src/tip/file_kind.rs says
// the same, and both are held to tests/vectors/file-kinds.json.
import { number, starts, text } from "./metadata/bytes";

/** How many first and last bytes are looked at. */
export const HEAD_BYTES = 4096;
export const TAIL_BYTES = 22 + 65_535;

type Family = "image" | "sound" | "pdf" | "office";

/** What a kind's files are, who can take out what they tell of their maker, and the endings with their media types. */
interface Kind {
  family: Family;
  /** "here" in the page, "server" in intake's memory, "nobody" where it cannot be done. */
  cleaned: "here" | "server" | "nobody";
  endings: Record<string, string>;
}

const OPEN_XML = "application/vnd.openxmlformats-officedocument.";
const OPEN_DOCUMENT = "application/vnd.oasis.opendocument.";

function kind(family: Family, cleaned: Kind["cleaned"], list: string): Kind {
  const prefix = family === "image" ? "image/" : family === "sound" ? "" : "application/";
  const endings: Kind["endings"] = {};
  for (const pair of list.split(" ")) {
    const [names = "", type = ""] = pair.split(":");
    for (const name of names.split(",")) {
      endings[name] = prefix + (type || name).replace("@x", OPEN_XML.slice(12)).replace("@o", OPEN_DOCUMENT.slice(12));
    }
  }
  return { family, cleaned, endings };
}

const KINDS = {
  jpeg: kind("image", "here", "jpg,jpeg,jpe,jfif:jpeg"),
  png: kind("image", "here", "png"),
  webp: kind("image", "here", "webp"),
  gif: kind("image", "nobody", "gif"),
  bmp: kind("image", "nobody", "bmp"),
  heic: kind("image", "server", "heic heif avif"),
  mp3: kind("sound", "nobody", "mp3:audio/mpeg"),
  aac: kind("sound", "nobody", "aac:audio/aac"),
  amr: kind("sound", "nobody", "amr:audio/amr"),
  wav: kind("sound", "nobody", "wav:audio/wav"),
  flac: kind("sound", "nobody", "flac:audio/flac"),
  ogg: kind("sound", "nobody", "ogg,oga,opus:audio/ogg ogv:video/ogg"),
  mp4: kind("sound", "nobody", "mp4,m4v:video/mp4 m4a:audio/mp4 mov:video/quicktime 3gp:video/3gpp"),
  matroska: kind("sound", "nobody", "webm:video/webm mkv:video/x-matroska"),
  avi: kind("sound", "nobody", "avi:video/x-msvideo"),
  pdf: kind("pdf", "server", "pdf"),
  zip: kind("office", "server", "docx:@xwordprocessingml.document xlsx:@xspreadsheetml.sheet pptx:@xpresentationml.presentation"),
  odf: kind("office", "nobody", "odt:@otext ods:@ospreadsheet odp:@opresentation"),
  ole: kind("office", "nobody", "doc,dot:msword xls,xlt,et,ett:vnd.ms-excel ppt,pps,dpt,dps:vnd.ms-powerpoint wps,wpt:vnd.ms-works"),
};

type Name = keyof typeof KINDS;

const SIGNATURES: readonly (readonly [string, Name])[] = [
  ["\xff\xd8\xff", "jpeg"], ["\x89PNG\r\n\x1a\n", "png"], ["GIF87a", "gif"], ["GIF89a", "gif"], ["%PDF-", "pdf"],
  ["\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"], ["\x1a\x45\xdf\xa3", "matroska"], ["OggS", "ogg"], ["fLaC", "flac"],
  ["#!AMR", "amr"], ["ID3", "mp3"],
];
const RIFF: Record<string, Name> = { "WEBP": "webp", "WAVE": "wav", "AVI ": "avi" };
/** Of a container's brands, four letters each, the first that says which it is: of a film, or of a picture. */
const BRANDS = /^(?:[^]{4})*?(?:isom|mp4[12]|M4[AV] |qt  |avc1|3gp|(hei[cxms]|hevc|mif1|msf1|avi[fs]))/;
const OFFICE_ENTRIES = /^(\[Content_Types\]\.xml|_rels\/|docProps\/|word\/|xl\/|ppt\/|customXml\/)/;

function sniff(head: Uint8Array): Name | undefined {
  const signature = SIGNATURES.find(([word]) => starts(head, word));
  if (signature) return signature[1];
  const word = (from: number, to: number) => text(head.subarray(from, to));
  if (starts(head, "RIFF")) return RIFF[word(8, 12)];
  if (starts(head, "PK\x03\x04")) return office(word(30, HEAD_BYTES));
  const box = word(4, 8);
  if (box === "ftyp") return BRANDS.exec(word(8, 12) + word(16, number(head, 0, 4)))?.[1] ? "heic" : "mp4";
  // QuickTime before it had brands.
  if (/moov|mdat|wide/.test(box)) return "mp4";
  const [first = 0, second = 0, third = 0xff] = head;
  // ADTS: sync word, layer 0. MPEG audio: sync word, a layer, a bit rate and a sampling rate that exist.
  if (first === 0xff && (second & 0xf6) === 0xf0) return "aac";
  if (first === 0xff && second > 0xdf && second & 6 && third < 0xf0 && (third & 12) !== 12) return "mp3";
  return starts(head, "BM") && word(6, 10) === "\0\0\0\0" ? "bmp" : undefined;
}

function office(entries: string): Name | undefined {
  if (OFFICE_ENTRIES.test(entries)) return "zip";
  return entries.startsWith("mimetype") && entries.includes(OPEN_DOCUMENT) ? "odf" : undefined;
}

export type FileWrong =
  "problem-file-empty" | "problem-file-wrong-kind" | "problem-file-not-as-named" | "problem-file-two-things";

/** What a file is that begins and ends so and is called `name`; or what is wrong with it. */
export function look(name: string, head: Uint8Array, tail: Uint8Array): { type: string; cleaned: Kind["cleaned"] } | FileWrong {
  if (head.length === 0) return "problem-file-empty";
  const found = sniff(head);
  if (!found) return "problem-file-wrong-kind";
  const type = mediaType(found, endingOf(name));
  if (type === undefined) return "problem-file-not-as-named";
  return isTwoThings(found, head, tail) ? "problem-file-two-things" : { type, cleaned: KINDS[found].cleaned };
}

export function endingOf(name: string): string {
  return /\.([^.]+)$/.exec(name)?.[1]?.toLowerCase() ?? "";
}

function mediaType(found: Name, ending: string): string | undefined {
  const own = KINDS[found];
  const named = Object.values(KINDS).find((one) => Object.hasOwn(one.endings, ending));
  if (named === own) return own.endings[ending];
  // Telephones and messengers rename among pictures and among recordings: the content decides.
  const renamed = named?.family === own.family && own.family !== "office";
  return renamed ? Object.values(own.endings)[0] : undefined;
}

function isTwoThings(found: Name, head: Uint8Array, tail: Uint8Array): boolean {
  const first = text(head.subarray(0, 1024));
  if (found !== "pdf" && first.includes("%PDF-")) return true;
  return /<html|<script|<!doctype html|<\?php/i.test(first) || (found !== "zip" && found !== "odf" && endsAsZip(tail));
}

/**
 * ZIP's end-of-directory record, of an archive on one disk and with room for the comment that it names. Readers put up with
 * more bytes behind it.
 */
function endsAsZip(tail: Uint8Array): boolean {
  const letters = text(tail);
  for (let at = -1; (at = letters.indexOf("PK\x05\x06", at + 1)) >= 0;) {
    const field = (place: number) => number(tail, at + place, 2, true);
    const room = tail.length - at - 22;
    if (room >= 0 && !field(4) && !field(6) && field(8) === field(10) && field(20) <= room) return true;
  }
  return false;
}
