// SHA-256 (FIPS 180-4), piece by piece, in place of @noble/hashes' own, which brings along what other hashes need: a page
// on a poor line pays for it. WebCrypto has no SHA-256 that takes a file in pieces. Held to the package by
// test/kdf.test.ts, at every length around the edges of a block and for pieces of every size.

const BLOCK_BYTES = 64;
const WORD = /.{8}/g;

/** Signed, since those are what browsers reckon fast with. */
function words(hex: string): Int32Array {
  return Int32Array.from(hex.match(WORD) ?? [], (word) => parseInt(word, 16));
}

const START = words("6a09e667bb67ae853c6ef372a54ff53a510e527f9b05688c1f83d9ab5be0cd19");
const ROUNDS = words(
  "428a2f9871374491b5c0fbcfe9b5dba53956c25b59f111f1923f82a4ab1c5ed5d807aa9812835b01243185be550c7dc372be5d7480deb1fe9bdc06a7c19bf174" +
  "e49b69c1efbe47860fc19dc6240ca1cc2de92c6f4a7484aa5cb0a9dc76f988da983e5152a831c66db00327c8bf597fc7c6e00bf3d5a7914706ca635114292967" +
  "27b70a852e1b21384d2c6dfc53380d13650a7354766a0abb81c2c92e92722c85a2bfe8a1a81a664bc24b8b70c76c51a3d192e819d6990624f40e3585106aa070" +
  "19a4c1161e376c082748774c34b0bcb5391c0cb34ed8aa4a5b9cca4f682e6ff3748f82ee78a5636f84c878148cc7020890befffaa4506cebbef9a3f7c67178f2",
);

export class Sha256 {
  private readonly state = START.slice();
  private readonly schedule = new Int32Array(BLOCK_BYTES);
  private readonly block = new Uint8Array(BLOCK_BYTES);
  private readonly view = new DataView(this.block.buffer);
  private length = 0;

  update(bytes: Uint8Array): this {
    for (let at = 0; at < bytes.length;) {
      const held = this.length % BLOCK_BYTES;
      const part = bytes.subarray(at, at + BLOCK_BYTES - held);
      this.block.set(part, held);
      this.length += part.length;
      at += part.length;
      if (this.length % BLOCK_BYTES === 0) this.compress();
    }
    return this;
  }

  /** Once, and at the end. */
  digest(): Uint8Array<ArrayBuffer> {
    const bits = this.length * 8;
    const zeros = (2 * BLOCK_BYTES - 9 - (this.length % BLOCK_BYTES)) % BLOCK_BYTES;
    const end = new Uint8Array(1 + zeros + 8);
    end[0] = 0x80;
    const view = new DataView(end.buffer);
    view.setUint32(1 + zeros, bits / 2 ** 32);
    view.setUint32(5 + zeros, bits);
    this.update(end);
    const out = new DataView(new ArrayBuffer(32));
    this.state.forEach((word, at) => { out.setInt32(at * 4, word); });
    return new Uint8Array(out.buffer);
  }

  private compress(): void {
    const { state, schedule: w, view } = this;
    for (let t = 0; t < 16; t += 1) w[t] = view.getInt32(t * 4);
    for (let t = 16; t < 64; t += 1) {
      const early = w[t - 15]!;
      const late = w[t - 2]!;
      const one = rotate(early, 7) ^ rotate(early, 18) ^ (early >>> 3);
      const two = rotate(late, 17) ^ rotate(late, 19) ^ (late >>> 10);
      w[t] = (w[t - 16]! + one + w[t - 7]! + two) | 0;
    }
    let a = state[0]!, b = state[1]!, c = state[2]!, d = state[3]!;
    let e = state[4]!, f = state[5]!, g = state[6]!, h = state[7]!;
    for (let t = 0; t < 64; t += 1) {
      const one = (h + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + ((e & f) ^ (~e & g)) + ROUNDS[t]! + w[t]!) | 0;
      const two = ((rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g;
      g = f;
      f = e;
      e = (d + one) | 0;
      d = c;
      c = b;
      b = a;
      a = (one + two) | 0;
    }
    state[0]! += a;
    state[1]! += b;
    state[2]! += c;
    state[3]! += d;
    state[4]! += e;
    state[5]! += f;
    state[6]! += g;
    state[7]! += h;
  }
}

function rotate(word: number, by: number): number {
  return (word >>> by) | (word << (32 - by));
}

/** In the form in which @noble/hashes has it, since age-encryption calls it so. */
export function sha256(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Sha256().update(bytes).digest();
}

export function bytesToHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function utf8ToBytes(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}

export function randomBytes(length: number): Uint8Array<ArrayBuffer> {
  return crypto.getRandomValues(new Uint8Array(length));
}
