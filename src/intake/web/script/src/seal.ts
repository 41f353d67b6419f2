// Seals a document into an age file whose length is a size class.
import { Encrypter } from "age-encryption";
import { classFor, paddedLength } from "./size_class";

const SPACE = 0x20;

/** Throws if it is longer than the largest class, or if the file came out otherwise than it must. */
export async function seal(document: string, recipients: readonly string[]): Promise<Uint8Array> {
  const content = new TextEncoder().encode(document);
  const size = classFor(content.length);
  if (size === undefined || recipients.length === 0) throw new Error("cannot be sealed");
  const padded = new Uint8Array(paddedLength(size, recipients.length)).fill(SPACE);
  padded.set(content);
  const encrypter = new Encrypter();
  for (const recipient of recipients) encrypter.addRecipient(recipient);
  const file = await encrypter.encrypt(padded);
  content.fill(0);
  padded.fill(0);
  if (file.length !== size) throw new Error("not of its class");
  return file;
}
