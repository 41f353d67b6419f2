// HMAC-SHA256 (RFC 2104) and HKDF of one block (RFC 5869), in place of @noble/hashes' own, which take any hash and any
// length. The signatures are theirs, since age-encryption calls them too. Held to the package by test/kdf.test.ts.
import { Sha256, sha256 } from "./sha256";

const BLOCK_BYTES = 64;
const HASH_BYTES = 32;

export function hmac(_: typeof sha256, key: Uint8Array, message: Uint8Array): Uint8Array {
  const block = new Uint8Array(BLOCK_BYTES);
  block.set(key.length > BLOCK_BYTES ? sha256(key) : key);
  const keyed = (pad: number, content: Uint8Array) =>
    new Sha256().update(block.map((byte) => byte ^ pad)).update(content).digest();
  return keyed(0x5c, keyed(0x36, message));
}

export function extract(hash: typeof sha256, secret: Uint8Array, salt: Uint8Array = new Uint8Array(HASH_BYTES)): Uint8Array {
  return hmac(hash, salt, secret);
}

/** Throws for any length but that of one block. */
export function expand(hash: typeof sha256, key: Uint8Array, label: Uint8Array, length: number): Uint8Array {
  if (length !== HASH_BYTES) throw new Error("one block");
  return hmac(hash, key, new Uint8Array([...label, 1]));
}

export function hkdf(hash: typeof sha256, secret: Uint8Array, salt: Uint8Array | undefined, label: Uint8Array, length: number): Uint8Array {
  return expand(hash, extract(hash, secret, salt), label, length);
}
