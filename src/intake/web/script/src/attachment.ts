// One file, sealed piece by piece in constant memory; the same as src/sealing/attachment.rs. What comes out is kept by
// the browser as a blob of ciphertext, since not every browser can send what is still being made.
import { beginFile } from "./age";
import { bytesToHex, sha256 } from "./hash";
import { attachmentPaddedLength } from "./size_class";

/** How much of a file is read at once. */
const STEP_BYTES = 1 << 20;
/** How much ciphertext is held by the script before the browser takes it. */
const BLOB_BYTES = 4 << 20;
const ZEROS_BYTES = 64 * 1024;

export interface SealedFile {
  file: Blob;
  /** Length of the content, without padding. */
  size: number;
  /** SHA-256 of the content, hex. */
  sha256: string;
}

/** The bytes of `file`, one step after another. Throws what `signal` says once it is aborted. */
export async function* bytesOf(file: Blob, signal?: AbortSignal): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < file.size; at += STEP_BYTES) {
    const bytes = await file.slice(at, at + STEP_BYTES).arrayBuffer();
    if (signal?.aborted) throw new DOMException("", "AbortError");
    yield new Uint8Array(bytes);
  }
}

export async function sealFile(content: AsyncIterable<Uint8Array>, recipients: readonly string[]): Promise<SealedFile> {
  if (recipients.length === 0) throw new Error("cannot be sealed");
  const { head, payload } = await beginFile(recipients);
  const sealed = gathered(head, payload.readable);
  // Told below, when the writing side is at its end.
  sealed.catch(() => undefined);
  const writer = payload.writable.getWriter();
  const hash = sha256.create();
  let size = 0;
  try {
    for await (const bytes of content) {
      hash.update(bytes);
      size += bytes.length;
      await writer.write(bytes);
    }
    const padded = attachmentPaddedLength(size, head.length);
    for (let left = padded - size; left > 0; left -= ZEROS_BYTES) {
      await writer.write(new Uint8Array(Math.min(left, ZEROS_BYTES)));
    }
    await writer.close();
  } catch (cause) {
    writer.abort(cause).catch(() => undefined);
    throw cause;
  }
  return { file: await sealed, size, sha256: bytesToHex(hash.digest()) };
}

async function gathered(head: Uint8Array, stream: ReadableStream<Uint8Array>): Promise<Blob> {
  const blobs: Blob[] = [];
  let parts = [head];
  let held = head.length;
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (value) {
      parts.push(value);
      held += value.length;
    }
    if (done || held >= BLOB_BYTES) {
      blobs.push(new Blob(parts as Uint8Array<ArrayBuffer>[]));
      parts = [];
      held = 0;
    }
    if (done) return new Blob(blobs, { type: "application/octet-stream" });
  }
}
