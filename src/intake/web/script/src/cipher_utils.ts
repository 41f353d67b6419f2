// What @noble/ciphers' ChaCha20-Poly1305 needs of its own utilities, without their many kinds of error: here it is called
// by age-encryption alone, with arrays of fixed lengths. Lengths are still checked. All browsers are little-endian.
// Held to the package by test/cipher.test.ts.

type Bytes = Uint8Array;

export const isLE = true;

export function abytes(bytes: Bytes, length?: number): Bytes {
  if (!(bytes instanceof Uint8Array) || (length !== undefined && bytes.length !== length)) throw new Error("not such bytes");
  return bytes;
}

/** Takes the place of checks that nothing here can fail. */
const same = <T>(value: T): T => value;

export const abool = same;
export const anumber = same;
export const aexists = same;
export const aoutput = same;
export const complexOverlapBytes = same;
export const swap32IfBE = same;

export function checkOpts<A extends object, B extends object>(defaults: A, given: B): A & B {
  return Object.assign(defaults, given);
}

export function clean(...arrays: (Bytes | Uint32Array | Uint16Array)[]): void {
  for (const array of arrays) array.fill(0);
}

export function copyBytes(bytes: Bytes): Bytes {
  return Uint8Array.from(bytes);
}

export function equalBytes(one: Bytes, other: Bytes): boolean {
  return one.length === other.length && one.reduce((sum, byte, at) => sum | (byte ^ other[at]!), 0) === 0;
}

export function getOutput(length: number, output?: Bytes): Bytes {
  return output ?? new Uint8Array(length);
}

export function isAligned32(bytes: Bytes): boolean {
  return bytes.byteOffset % 4 === 0;
}

export function randomBytes(length: number): Bytes {
  return crypto.getRandomValues(new Uint8Array(length));
}

export function u32(bytes: Bytes): Uint32Array {
  return new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength >> 2);
}

/** Two lengths below 2^32, as ChaCha20-Poly1305 authenticates them (RFC 8439, section 2.8). */
export function u64Lengths(data: number, more: number): Bytes {
  return new Uint8Array(Uint32Array.of(more, 0, data, 0).buffer);
}

export function wrapCipher<P extends object, C extends object>(params: P, cipher: C): C & P {
  return Object.assign(cipher, params);
}

export function wrapMacConstructor<M extends { update(bytes: Bytes): M; digest(): Bytes }>(_: number, create: (key: Bytes) => M) {
  return Object.assign((message: Bytes, key: Bytes) => create(key).update(message).digest(), { create });
}
