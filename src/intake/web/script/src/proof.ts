// A little work that the server asks for while many tips come, in slices, so that the page stays alive.
import { sha256, utf8ToBytes } from "./hash";

/** Tries at a time: some milliseconds, and some tens of them on an old telephone. */
const SLICE = 200;

/** `challenge:number`, such that its SHA-256 begins with `bits` zero bits. At most 32. */
export async function prove(challenge: unknown, bits: unknown): Promise<string> {
  for (let number = 0; ; number += 1) {
    const proof = `${challenge}:${number}`;
    if (Math.clz32(new DataView(sha256(utf8ToBytes(proof)).buffer).getUint32(0)) >= Number(bits)) return proof;
    if (number % SLICE === 0) await new Promise((resume) => setTimeout(resume));
  }
}
