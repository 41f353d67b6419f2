// Takes position, device, author, programs, dates and small previews out of photos before they are sealed, as the service
// does for reporters without scripts. Pure: bytes in, bytes out.

import { join, starts } from "./bytes";
import type { Findings, Report } from "./findings";
import { JpegFilter } from "./jpeg";
import { PngFilter } from "./png";
import { WebpFilter } from "./webp";

export type { Outcome, Report, What } from "./findings";

interface Filter {
  readonly findings: Findings;
  feed(input: Uint8Array): Uint8Array[];
  finish(): Uint8Array[];
}

/** What a photo is, from its first twelve bytes; null for all kinds that are not looked into here. */
function filterFor(head: Uint8Array): Filter | null {
  if (starts(head, "\xff\xd8\xff")) return new JpegFilter();
  if (starts(head, "\x89PNG\r\n\x1a\n")) return new PngFilter();
  if (starts(head, "RIFF") && starts(head.subarray(8), "WEBP")) return new WebpFilter();
  return null;
}

/** Passes one photo through, piece by piece, in constant memory. */
export class Stripper {
  /** What the filter's account must come to. */
  private fileBytes = 0;

  private constructor(private readonly filter: Filter) {}

  /** For a file that starts with `head`; null where nothing can be taken out in the page. */
  static for(head: Uint8Array): Stripper | null {
    const filter = filterFor(head);
    return filter === null ? null : new Stripper(filter);
  }

  /** Takes the next bytes and returns what may pass now. */
  feed(bytes: Uint8Array): Uint8Array[] {
    this.fileBytes += bytes.length;
    return this.filter.feed(bytes);
  }

  /** Returns what is left, and what was found. */
  finish(): { parts: Uint8Array[]; report: Report } {
    const parts = this.filter.finish();
    return { parts, report: this.filter.findings.report(this.fileBytes) };
  }
}

/** The same for a file that is in memory. */
export function strip(bytes: Uint8Array): { bytes: Uint8Array<ArrayBuffer>; report: Report } | null {
  const stripper = Stripper.for(bytes);
  if (stripper === null) return null;
  const parts = stripper.feed(bytes);
  const { parts: last, report } = stripper.finish();
  return { bytes: join([...parts, ...last]), report };
}
