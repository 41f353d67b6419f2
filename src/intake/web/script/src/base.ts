// Base64 (RFC 4648) and Bech32 (BIP 173, without its limit of 90 characters), in place of @scure/base, of which
// nothing else is used: it knows fourteen alphabets. Held to the same vectors by test/base.test.ts.

type Bytes = Uint8Array<ArrayBuffer>;

function fromBinary(text: string): Bytes {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0));
}

function encode64(bytes: Uint8Array): string {
  let text = "";
  // As many arguments at once as every browser takes.
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(text);
}

/** Only what an encoder writes: no other character, no other padding, no loose bits at the end. */
function decode64(text: string): Bytes {
  const bytes = fromBinary(atob(text));
  if (encode64(bytes) !== text) throw new Error("not base64");
  return bytes;
}

export const base64 = { encode: encode64, decode: decode64 };

export const base64nopad = {
  encode: (bytes: Uint8Array): string => encode64(bytes).replace(/=+$/, ""),
  decode(text: string): Bytes {
    if (text.includes("=")) throw new Error("not base64");
    return decode64(text.padEnd(Math.ceil(text.length / 4) * 4, "="));
  },
};

const ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
const GENERATOR = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3];
const CHECK_WORDS = 6;

function checksum(prefix: string, words: readonly number[]): number {
  const letters = [...prefix].map((letter) => letter.charCodeAt(0));
  let sum = 1;
  for (const word of [...letters.map((code) => code >> 5), 0, ...letters.map((code) => code & 31), ...words]) {
    const top = sum >>> 25;
    sum = ((sum & 0x1ffffff) << 5) ^ word;
    GENERATOR.forEach((value, bit) => { if ((top >> bit) & 1) sum ^= value; });
  }
  return sum;
}

/** Cuts numbers of `from` bits anew into numbers of `to` bits. */
function regroup(numbers: Iterable<number>, from: number, to: number, pad: boolean): number[] {
  const out: number[] = [];
  let [held, bits] = [0, 0];
  for (const number of numbers) {
    held = ((held << from) | number) & 0xfff;
    bits += from;
    for (; bits >= to; bits -= to) out.push((held >> (bits - to)) & (2 ** to - 1));
  }
  const rest = held & (2 ** bits - 1);
  if (pad && bits > 0) out.push(rest << (to - bits));
  else if (bits >= from || rest !== 0) throw new Error("not bech32");
  return out;
}

export const bech32 = {
  encodeFromBytes(prefix: string, bytes: Uint8Array): string {
    const words = regroup(bytes, 8, 5, true);
    const check = checksum(prefix, [...words, 0, 0, 0, 0, 0, 0]) ^ 1;
    const all = [...words, ...[25, 20, 15, 10, 5, 0].map((bit) => (check >> bit) & 31)];
    return `${prefix}1${all.map((word) => ALPHABET[word]).join("")}`;
  },
  decodeToBytes(text: string): { prefix: string; bytes: Bytes } {
    const at = text.lastIndexOf("1");
    const prefix = text.slice(0, at);
    const words = [...text.slice(at + 1)].map((letter) => ALPHABET.indexOf(letter));
    if (at < 1 || words.length < CHECK_WORDS || words.includes(-1) || checksum(prefix, words) !== 1) {
      throw new Error("not bech32");
    }
    return { prefix, bytes: Uint8Array.from(regroup(words.slice(0, -CHECK_WORDS), 5, 8, false)) };
  },
};
