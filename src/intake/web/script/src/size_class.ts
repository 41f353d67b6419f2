// How long sealed files are. Documents: 4 KiB, or 8, 16, … up to 1 MiB, to the byte, as in src/sealing/size_class.rs.
// Attachments: a Padmé length, as in src/sealing/attachment.rs.

const SMALLEST_CLASS_BYTES = 4096;
const LARGEST_CLASS_BYTES = 1 << 20;
const SMALLEST_ATTACHMENT_BYTES = 16 * 1024;
const HEADER_MAX_BYTES = 2048;
const CHUNK_BYTES = 64 * 1024;
const TAG_BYTES = 16;
const NONCE_BYTES = 16;

/** What `contentBytes` could need at most, whatever the header. */
function needed(contentBytes: number): number {
  const tags = (Math.floor(contentBytes / CHUNK_BYTES) + 1) * TAG_BYTES;
  return HEADER_MAX_BYTES + NONCE_BYTES + contentBytes + tags + TAG_BYTES;
}

/** The class that holds `contentBytes` whatever the header; `undefined` if none does. */
export function classFor(contentBytes: number): number | undefined {
  for (let size = SMALLEST_CLASS_BYTES; size <= LARGEST_CLASS_BYTES; size *= 2) {
    if (size >= needed(contentBytes)) return size;
  }
  return undefined;
}

/**
 * How long the padded plaintext must be in a file of `fileBytes` that begins with `headBytes`, nonce included.
 * `undefined` where the last chunk would have to be empty, which the format forbids. Throws where intake would refuse
 * the header.
 */
export function paddedLength(fileBytes: number, headBytes: number): number | undefined {
  if (headBytes > HEADER_MAX_BYTES + NONCE_BYTES) throw new Error("too many recipients");
  const payload = fileBytes - headBytes;
  const rest = payload % (CHUNK_BYTES + TAG_BYTES);
  if (rest > 0 && rest <= TAG_BYTES) return undefined;
  return payload - Math.ceil(payload / (CHUNK_BYTES + TAG_BYTES)) * TAG_BYTES;
}

/** The Padmé length of `bytes`. */
export function padme(bytes: number): number {
  let exponent = 0;
  while (2 ** (exponent + 1) <= bytes) exponent += 1;
  const step = 2 ** (exponent - Math.min(exponent, 32 - Math.clz32(exponent)));
  return Math.ceil(bytes / step) * step;
}

/** How long the padded plaintext of an attachment of `contentBytes` must be, behind a head of `headBytes`. */
export function attachmentPaddedLength(contentBytes: number, headBytes: number): number {
  for (let size = padme(Math.max(needed(contentBytes), SMALLEST_ATTACHMENT_BYTES)); ; size = padme(size + 1)) {
    const padded = paddedLength(size, headBytes);
    if (padded !== undefined) return padded;
  }
}
