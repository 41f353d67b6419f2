// Reading what chunks of a PNG tell that nobody needs to see the picture. The twin of png/notes.rs.

import { at, text } from "./bytes";
import type { Findings, What } from "./findings";
import { exif, label, xmp } from "./look";

/** Notes what a chunk tells; returns the orientation if it has one, else 0. */
export function lookAt(name: string, data: Uint8Array, findings: Findings): number {
  if (name === "eXIf") return exif(data, findings);
  if (name === "tIME") findings.removed("date");
  // C2PA.
  else if (name === "caBX") findings.removed("origin");
  else if (["tEXt", "zTXt", "iTXt"].includes(name)) note(name, data, findings);
  else findings.removed(label(data) ?? "other");
  return 0;
}

const KEYWORDS: Readonly<Record<string, What>> = {
  "author": "author",
  "copyright": "author",
  "artist": "author",
  "software": "software",
  "source": "device",
  "make": "device",
  "model": "device",
  "creation time": "date",
  "date:create": "date",
  "date:modify": "date",
  "date:timestamp": "date",
  "create-date": "date",
  "modify-date": "date",
  "xml:com.adobe.xmp": "other",
};

function note(name: string, data: Uint8Array, findings: Findings): void {
  const zero = data.indexOf(0);
  const end = zero < 0 ? data.length : zero;
  const keyword = text(data.subarray(0, end)).toLowerCase();
  if (keyword === "xml:com.adobe.xmp" && name === "iTXt" && at(data, end + 1) === 0) {
    xmp(data.subarray(end + 1), findings);
    return;
  }
  const what = keyword.startsWith("raw profile type") ? "other" : Object.hasOwn(KEYWORDS, keyword) ? (KEYWORDS[keyword] ?? "comment") : "comment";
  findings.removed(label(data) ?? what);
}
