// Which files are taken, told by their first bytes and held against the ending of their name: src/sealing/tip/file_kind says
// the same, and both are held to tests/vectors/file-kinds.json.
import { number, starts, text } from "./metadata/bytes";

/** How many first and last bytes are looked at. */
export const HEAD_BYTES = 4096;
export const TAIL_BYTES = 22 + 65_535;
/** How many first bytes readers of PDF look through for its mark. */
const MARK_WITHIN_BYTES = 1024;

type Family = "image" | "sound" | "page" | "office" | "text";

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
  const prefix = family === "image" ? "image/" : family === "sound" || family === "text" ? "" : "application/";
  const endings: Kind["endings"] = {};
  for (const pair of list.split(" ")) {
    const [names = "", type = ""] = pair.split(":");
    for (const name of names.split(",")) {
      endings[name] = prefix + (type || name).replace("@x", OPEN_XML.slice(12)).replace("@o", OPEN_DOCUMENT.slice(12));
    }
  }
  return { family, cleaned, endings };
}

/** The first ending of a kind is the one that a file without an ending gets. */
const KINDS = {
  jpeg: kind("image", "here", "jpg,jpeg,jpe,jfif:jpeg"),
  png: kind("image", "here", "png"),
  webp: kind("image", "here", "webp"),
  gif: kind("image", "nobody", "gif"),
  bmp: kind("image", "nobody", "bmp"),
  heic: kind("image", "server", "heic heif,hif:heif avif"),
  tiff: kind("image", "nobody", "tif,tiff:tiff dng:x-adobe-dng"),
  mp3: kind("sound", "nobody", "mp3:audio/mpeg"),
  aac: kind("sound", "nobody", "aac:audio/aac"),
  amr: kind("sound", "nobody", "amr:audio/amr"),
  silk: kind("sound", "nobody", "silk,slk,aud:audio/silk"),
  wav: kind("sound", "nobody", "wav:audio/wav"),
  flac: kind("sound", "nobody", "flac:audio/flac"),
  ogg: kind("sound", "nobody", "ogg,oga,opus:audio/ogg ogv:video/ogg"),
  caf: kind("sound", "nobody", "caf:audio/x-caf"),
  asf: kind("sound", "nobody", "wmv:video/x-ms-wmv wma:audio/x-ms-wma asf:video/x-ms-asf"),
  mp4: kind("sound", "nobody", "mp4,m4v:video/mp4 m4a,m4r:audio/mp4 mov:video/quicktime 3gp,3gpp:video/3gpp 3g2:video/3gpp2"),
  matroska: kind("sound", "nobody", "webm:video/webm mkv:video/x-matroska"),
  avi: kind("sound", "nobody", "avi:video/x-msvideo"),
  flv: kind("sound", "nobody", "flv:video/x-flv"),
  mpeg: kind("sound", "nobody", "mpg,mpeg,vob:video/mpeg"),
  pdf: kind("page", "server", "pdf"),
  ofd: kind("page", "nobody", "ofd"),
  zip: kind("office", "server", "docx:@xwordprocessingml.document xlsx:@xspreadsheetml.sheet pptx:@xpresentationml.presentation"),
  odf: kind("office", "server", "odt:@otext ods:@ospreadsheet odp:@opresentation"),
  ole: kind("office", "nobody", "doc,dot:msword xls,xlt,et,ett:vnd.ms-excel ppt,pps,dpt,dps:vnd.ms-powerpoint wps,wpt:vnd.ms-works"),
  text: kind("text", "here", "txt:text/plain"),
};

type Name = keyof typeof KINDS;

const SIGNATURES: readonly (readonly [string, Name])[] = [
  ["\xff\xd8\xff", "jpeg"], ["\x89PNG\r\n\x1a\n", "png"], ["GIF87a", "gif"], ["GIF89a", "gif"], ["%PDF-", "pdf"],
  ["\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"], ["\x1a\x45\xdf\xa3", "matroska"], ["OggS", "ogg"], ["fLaC", "flac"],
  ["#!AMR", "amr"], ["ID3", "mp3"], ["\x02#!SILK_V3", "silk"], ["#!SILK_V3", "silk"], ["caff", "caf"], ["FLV\x01", "flv"],
  ["\x30\x26\xb2\x75\x8e\x66\xcf\x11", "asf"], ["\0\0\x01\xba", "mpeg"], ["\0\0\x01\xb3", "mpeg"],
  ["II*\0", "tiff"], ["MM\0*", "tiff"],
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
  if (starts(head, "BM") && word(6, 10) === "\0\0\0\0") return "bmp";
  // Systems of banks and offices write a line break or a byte order mark before it.
  return word(0, MARK_WITHIN_BYTES).includes("%PDF-") ? "pdf" : undefined;
}

function office(entries: string): Name | undefined {
  if (/^(OFD\.xml|Doc_0\/)/.test(entries)) return "ofd";
  if (OFFICE_ENTRIES.test(entries)) return "zip";
  return entries.startsWith("mimetype") && entries.includes(OPEN_DOCUMENT) ? "odf" : undefined;
}

export type FileWrong =
  | "problem-file-empty" | "problem-file-wrong-kind" | "problem-file-not-as-named" | "problem-file-save-anew"
  | "problem-file-two-things";

/** A file that is taken: its name has an ending even if it had none. */
export interface KnownFile {
  name: string;
  type: string;
  cleaned: Kind["cleaned"];
  /** A newer document in the container of the older ones, which is how Office keeps one under a password. */
  mayBeLocked: boolean;
}

/** What a file is that begins and ends so and is called `name`; or what is wrong with it. */
export function look(name: string, head: Uint8Array, tail: Uint8Array): KnownFile | FileWrong {
  if (head.length === 0) return "problem-file-empty";
  const ending = endingOf(name);
  const isMarked = ending === "txt" && (starts(head, "\xff\xfe") || starts(head, "\xfe\xff"));
  const isText = !/[^\t\n\f\r -~\x80-\xff]/.test(text(head));
  const found = isMarked ? "text" : sniff(head) ?? (ending === "txt" && isText ? "text" : undefined);
  if (!found) return isText && isOfDocuments(ending) ? "problem-file-save-anew" : "problem-file-wrong-kind";
  const [own, type] = ending === "" ? ownEnding(found, head) : [ending, mediaType(found, ending)];
  if (type === undefined) return "problem-file-not-as-named";
  if (isTwoThings(found, head, tail)) return "problem-file-two-things";
  const mayBeLocked = found === "ole" && !Object.hasOwn(KINDS.ole.endings, own);
  return { name: ending === "" ? `${name}.${own}` : name, type, cleaned: KINDS[found].cleaned, mayBeLocked };
}

/** What has no letter, or more than letters and digits, is none: a date, a number, the end of a sentence. */
export function endingOf(name: string): string {
  const ending = /\.([^.]+)$/.exec(name)?.[1] ?? "";
  return /^[a-z0-9]*[a-z][a-z0-9]*$/i.test(ending) ? ending.toLowerCase() : "";
}

function isOfDocuments(ending: string): boolean {
  return ending === "rtf" || [KINDS.zip, KINDS.odf, KINDS.ole].some((one) => Object.hasOwn(one.endings, ending));
}

/** The ending that a file gets which has none, with its media type; no type where its first bytes do not say which. */
function ownEnding(found: Name, head: Uint8Array): readonly [string, string | undefined] {
  const { endings } = KINDS[found];
  if (found === "ole") return ["", undefined];
  const words = text(head);
  const inside = found === "zip" ? ([["word/", "docx"], ["xl/", "xlsx"], ["ppt/", "pptx"]].find(([folder = ""]) => words.includes(folder))?.[1] ?? "")
    : found === "odf" ? (Object.entries(endings).find(([, type]) => words.includes(type))?.[0] ?? "")
    : words.slice(8, 12) === "M4A " && found === "mp4" ? "m4a" : (Object.keys(endings)[0] ?? "");
  return [inside, endings[inside]];
}

function mediaType(found: Name, ending: string): string | undefined {
  const own = KINDS[found];
  const [promised, named] = Object.entries(KINDS).find(([, one]) => Object.hasOwn(one.endings, ending)) ?? [];
  if (!named || named === own) return named?.endings[ending];
  // WPS and old habits keep the ending of before; what is inside is of the same family of documents.
  if (found === "zip" && promised === "ole") {
    const newer = /^(doc|wp)/.test(ending) ? "docx" : /^(xl|et)/.test(ending) ? "xlsx" : /^dot/.test(ending) ? "docx" : "pptx";
    return own.endings[newer];
  }
  // A password turns the new kind into a container of the old one.
  if (found === "ole" && promised === "zip") return named.endings[ending];
  // Telephones and messengers rename among pictures and among recordings: the content decides.
  const renamed = named.family === own.family && (own.family === "image" || own.family === "sound");
  return renamed ? Object.values(own.endings)[0] : undefined;
}

function isTwoThings(found: Name, head: Uint8Array, tail: Uint8Array): boolean {
  const first = text(head.subarray(0, MARK_WITHIN_BYTES));
  if (found !== "pdf" && first.includes("%PDF-")) return true;
  if (/<html|<script|<!doctype html|<\?php/i.test(first)) return true;
  // Archives themselves, and old documents, in which Office keeps some (a theme, since 2007).
  if (["zip", "odf", "ofd", "ole"].includes(found)) return false;
  // A document attached to a PDF stands before its end.
  return endsAsZip(found === "pdf" ? tail.subarray(Math.max(0, text(tail).lastIndexOf("%%EOF"))) : tail);
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
