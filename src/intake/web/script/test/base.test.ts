// Base64 and Bech32 as they are bundled: what browsers and age files need of them, whatever the package's next release does.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import test from "node:test";
import { base64nopad } from "@scure/base";
import { base64, bech32 } from "../src/base";

test("bytes of every length are written as node writes them, and read back", () => {
  for (let length = 0; length < 130; length += 1) {
    const bytes = new Uint8Array(randomBytes(length));
    const text = Buffer.from(bytes).toString("base64");
    assert.equal(base64.encode(bytes), text);
    assert.deepEqual(base64.decode(text), bytes);
    assert.equal(base64nopad.encode(bytes), text.replace(/=+$/, ""));
    assert.deepEqual(base64nopad.decode(text.replace(/=+$/, "")), bytes);
    const sealed = bech32.encode("age", bech32.toWords(bytes), false);
    const { prefix, words } = bech32.decode(sealed as `age1${string}`, false);
    assert.deepEqual([prefix, bech32.fromWords(words)], ["age", bytes]);
  }
});

test("what no encoder writes is refused", () => {
  for (const text of ["A", "AA", "AB==", "AAA", "AA==A", "A A=", "AAA\n=", "AA-_", "AAAA="]) {
    assert.throws(() => base64.decode(text), text);
  }
  for (const text of ["A", "AA==", "AB", "AAA=", " AAA"]) assert.throws(() => base64nopad.decode(text), text);
  const sound = bech32.encodeFromBytes("age", new Uint8Array(32).fill(7));
  for (let at = 0; at < sound.length; at += 1) {
    const other = sound[at] === "q" ? "p" : "q";
    assert.throws(() => bech32.decodeToBytes(sound.slice(0, at) + other + sound.slice(at + 1)), String(at));
  }
  assert.throws(() => bech32.decodeToBytes("age1"));
});
