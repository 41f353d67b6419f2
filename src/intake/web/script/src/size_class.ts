// Size classes: a sealed file is 4 KiB long, or 8, 16, … up to 1 MiB, to the byte. The same as
// src/sealing/size_class.rs and header.rs.

const SMALLEST_CLASS_BYTES = 4096;
const LARGEST_CLASS_BYTES = 1 << 20;
const HEADER_MAX_BYTES = 2048;
const CHUNK_BYTES = 64 * 1024;
const TAG_BYTES = 16;
const NONCE_BYTES = 16;

/** The class that holds `contentBytes` whatever the header; `undefined` if none does. */
export function classFor(contentBytes: number): number | undefined {
  const tags = (Math.floor(contentBytes / CHUNK_BYTES) + 1) * TAG_BYTES;
  const needed = HEADER_MAX_BYTES + NONCE_BYTES + contentBytes + tags + TAG_BYTES;
  for (let size = SMALLEST_CLASS_BYTES; size <= LARGEST_CLASS_BYTES; size *= 2) {
    if (size >= needed) return size;
  }
  return undefined;
}

/** How long the padded plaintext must be in a file of `classBytes` sealed to `recipients`. */
export function paddedLength(classBytes: number, recipients: number): number {
  // Version line, X25519 stanzas of two lines each, MAC line (C2SP age.md): this writer adds no grease.
  const header = 22 + recipients * 98 + 48;
  if (header > HEADER_MAX_BYTES) throw new Error("too many recipients");
  const payload = classBytes - header - NONCE_BYTES;
  return payload - Math.ceil(payload / (CHUNK_BYTES + TAG_BYTES)) * TAG_BYTES;
}
