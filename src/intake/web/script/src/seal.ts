// Seals a document into an age file whose length is a size class.
import { beginFile, through, wholeOf } from "./age";
import { classFor, paddedLength } from "./size_class";

const SPACE = 0x20;

/** Throws if it is longer than the largest class, or if the file came out otherwise than it must. */
export async function seal(document: string, recipients: readonly string[]): Promise<Uint8Array> {
  const content = new TextEncoder().encode(document);
  const size = classFor(content.length);
  if (size === undefined || recipients.length === 0) throw new Error("cannot be sealed");
  const { head, payload } = await beginFile(recipients);
  const padded = new Uint8Array(paddedLength(size, head.length) ?? 0).fill(SPACE);
  padded.set(content);
  const sealed = await wholeOf(through(padded, payload));
  content.fill(0);
  padded.fill(0);
  const file = new Uint8Array(head.length + sealed.length);
  file.set(head);
  file.set(sealed, head.length);
  if (file.length !== size) throw new Error("not of its class");
  return file;
}
