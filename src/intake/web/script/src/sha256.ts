// SHA-256 (FIPS 180-4), piece by piece, in place of @noble/hashes' own, which brings along what other hashes need: a page
// on a poor line pays for it. WebCrypto has no SHA-256 that takes a file in pieces. Held to the package by
// test/kdf.test.ts, at every length around the edges of a block and for pieces of every size.

const BLOCK_BYTES = 64;

/** The standard takes its constants from roots of the first primes: the 32 bits behind the point. */
const PRIMES: number[] = [];
for (let number = 2; PRIMES.length < 64; number += 1) if (PRIMES.every((prime) => number % prime)) PRIMES.push(number);

/** Signed, since those are what browsers reckon fast with. */
function behindThePoint(roots: number[]): Int32Array {
  return Int32Array.from(roots, (root) => (root % 1) * 2 ** 32);
}

const START = behindThePoint(PRIMES.slice(0, 8).map(Math.sqrt));
const ROUNDS = behindThePoint(PRIMES.map(Math.cbrt));

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
