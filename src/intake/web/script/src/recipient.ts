// Whom to seal to: an X25519 point in its one spelling that is not of low order, as src/sealing/recipient.rs has it. Both
// are held to tests/vectors/recipients.json.
import { bech32 } from "./base";
import { bytesToHex } from "./hash";

/** Numbers of 32 bytes, the highest first, so that letters compare as the numbers do. */
const PRIME = `7${"f".repeat(61)}ed`;
const LOW_ORDER = [
  "0".repeat(64),
  "1".padStart(64, "0"),
  `7${"f".repeat(61)}ec`,
  "00b8495f16056286fdb1329ceb8d09da6ac49ff1fae35616aeb8413b7c7aebe0",
  "57119fd0dd4e22d8868e1c58c45c44045bef839c55b1d0b1248c50a3bc959c5f",
];

/** Throws where `text` is no recipient that can be sealed to. */
export function checkRecipient(text: string): void {
  const bytes = bech32.fromWords(bech32.decode(text as `age1${string}`).words);
  // Bech32 may be in capitals, and a recipient may not: written again it must be the same text.
  const isAsWritten = bech32.encodeFromBytes("age", bytes) === text;
  const point = bytesToHex(bytes.reverse());
  if (!isAsWritten || bytes.length !== 32 || point >= PRIME || LOW_ORDER.includes(point)) {
    throw new Error("not an X25519 recipient");
  }
}
