// The day on which a mailbox was opened before: src/sealing/opened.rs.
import { MILLISECONDS_A_DAY } from "./ready";
import { bytesToHex, sha256, utf8ToBytes } from "./hash";
import { scalarMult } from "./x25519";

const BASE = 32;
const CYCLE_DAYS = BASE * BASE;

/** `undefined` where it says none. */
export async function openedDay(field: string, secret: CryptoKey, today: string): Promise<string | undefined> {
  const [point = "", ...digits] = field.match(/.{64}/g) ?? [];
  const shared = await scalarMult(secret, Uint8Array.from(point.match(/../g) ?? [], (byte) => parseInt(byte, 16)));
  let number = 0;
  for (const [at, digit] of digits.entries()) {
    let value = 0;
    while (bytesToHex(await scalarMult(sha256(new Uint8Array([...utf8ToBytes("mifeng/opened-digit/1"), at, value])), shared)) !== digit) {
      value += 1;
      if (value === BASE) return undefined;
    }
    number += value * BASE ** at;
  }
  const now = Date.parse(today) / MILLISECONDS_A_DAY;
  const ago = (((now - number) % CYCLE_DAYS) + CYCLE_DAYS) % CYCLE_DAYS;
  return new Date((now - ago) * MILLISECONDS_A_DAY).toISOString().slice(0, 10);
}
