// Base64 and Bech32 of our own, against the package that stands in their place in age-encryption.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import test from "node:test";
import * as theirs from "@scure/base";
import * as ours from "../src/base";

test("bytes of every length are written and read as the package does", () => {
  for (let length = 0; length < 130; length += 1) {
    const bytes = new Uint8Array(randomBytes(length));
    for (const name of ["base64", "base64nopad"] as const) {
      const text = theirs[name].encode(bytes);
      assert.equal(ours[name].encode(bytes), text);
      assert.deepEqual(ours[name].decode(text), bytes);
    }
    const text = theirs.bech32.encode("age", theirs.bech32.toWords(bytes), false);
    assert.equal(ours.bech32.encodeFromBytes("age", bytes), text);
    assert.deepEqual(ours.bech32.decodeToBytes(text), { prefix: "age", bytes });
  }
});

test("what no encoder writes is refused", () => {
  for (const text of ["A", "AA", "AB==", "AAA", "AA==A", "A A=", "AAA\n=", "AA-_", "AAAA="]) {
    assert.throws(() => ours.base64.decode(text), text);
  }
  for (const text of ["A", "AA==", "AB", "AAA=", " AAA"]) assert.throws(() => ours.base64nopad.decode(text), text);
  const sound = theirs.bech32.encode("age", theirs.bech32.toWords(new Uint8Array(32).fill(7)), false);
  for (let at = 0; at < sound.length; at += 1) {
    const other = sound[at] === "q" ? "p" : "q";
    assert.throws(() => ours.bech32.decodeToBytes(sound.slice(0, at) + other + sound.slice(at + 1)), String(at));
  }
  assert.throws(() => ours.bech32.decodeToBytes(sound.toUpperCase()));
  assert.throws(() => ours.bech32.decodeToBytes("age1"));
});
