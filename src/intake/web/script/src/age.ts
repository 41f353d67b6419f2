// Age files (C2SP age.md), put together from the parts of age-encryption. Its own `Encrypter` and `Decrypter` bring
// every kind of recipient along; a page on a poor line pays for each, and uses X25519 alone.
import { encodeHeader, encodeHeaderNoMAC, parseHeader } from "../node_modules/age-encryption/dist/format.js";
import { X25519Identity, X25519Recipient } from "../node_modules/age-encryption/dist/recipients.js";
import { decryptSTREAM, encryptSTREAM } from "../node_modules/age-encryption/dist/stream.js";
import { hkdf, hmac, randomBytes, sha256, utf8ToBytes } from "./hash";

const FILE_KEY_BYTES = 16;
const NONCE_BYTES = 16;

type Pipe = TransformStream<Uint8Array, Uint8Array>;

/** What stands before the payload, nonce included, and what makes the payload of the content. */
export interface Begun {
  head: Uint8Array;
  payload: Pipe;
}

/** A new file for `recipients`. This writer adds no grease. */
export async function beginFile(recipients: readonly string[]): Promise<Begun> {
  const fileKey = randomBytes(FILE_KEY_BYTES);
  const stanzas = (await Promise.all(recipients.map((it) => new X25519Recipient(it).wrapFileKey(fileKey)))).flat();
  const nonce = randomBytes(NONCE_BYTES);
  const header = encodeHeader(stanzas, macOf(fileKey, encodeHeaderNoMAC(stanzas)));
  const head = new Uint8Array(header.length + NONCE_BYTES);
  head.set(header);
  head.set(nonce, header.length);
  return { head, payload: encryptSTREAM(payloadKey(fileKey, nonce)) };
}

/** What is in a file that was sealed to `identity`, padding and all. Throws where it does not open. */
export async function openFile(file: Uint8Array, identity: CryptoKey): Promise<Uint8Array> {
  const header = await parseHeader(streamOf(file));
  const fileKey = await new X25519Identity(identity).unwrapFileKey(header.stanzas);
  if (!fileKey || !same(header.MAC, macOf(fileKey, header.headerNoMAC))) throw new Error("not sealed to this key");
  const payload = header.headerSize + NONCE_BYTES;
  const nonce = file.subarray(header.headerSize, payload);
  return wholeOf(through(file.subarray(payload), decryptSTREAM(payloadKey(fileKey, nonce))));
}

/** `bytes`, as they come out of `pipe`. */
export function through(bytes: Uint8Array, pipe: Pipe): ReadableStream<Uint8Array> {
  return streamOf(bytes).pipeThrough(pipe);
}

export async function wholeOf(stream: ReadableStream<Uint8Array>): Promise<Uint8Array> {
  return new Uint8Array(await new Response(stream as ReadableStream<Uint8Array<ArrayBuffer>>).arrayBuffer());
}

function streamOf(bytes: Uint8Array): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      controller.enqueue(bytes);
      controller.close();
    },
  });
}

function macOf(fileKey: Uint8Array, header: Uint8Array): Uint8Array {
  return hmac(sha256, hkdf(sha256, fileKey, undefined, utf8ToBytes("header"), 32), header);
}

function payloadKey(fileKey: Uint8Array, nonce: Uint8Array): Uint8Array {
  return hkdf(sha256, fileKey, nonce, utf8ToBytes("payload"), 32);
}

/** In the same time wherever they differ. */
function same(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.reduce((sum, byte, at) => sum | (byte ^ (other[at] ?? -1)), 0) === 0;
}
