// Our SHA-256, HMAC and HKDF against those that they stand in for.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import test from "node:test";
import * as theirHkdf from "@noble/hashes/hkdf.js";
import { hmac as theirHmac } from "@noble/hashes/hmac.js";
import { sha256 as theirSha256 } from "@noble/hashes/sha2.js";
import { expand, hkdf, hmac } from "../src/kdf";
import { Sha256, bytesToHex, sha256 } from "../src/sha256";

const bytes = (length: number) => new Uint8Array(randomBytes(length));

test("hashes come out as the package makes them, in pieces of any size", () => {
  for (const length of [...Array(200).keys(), 1000, 4096, 100_000]) {
    const content = bytes(length);
    const expected = theirSha256(content);
    assert.deepEqual(sha256(content), expected);
    for (const size of [1, 3, 55, 63, 64, 65, 127, 4097]) {
      const hash = new Sha256();
      for (let at = 0; at < length; at += size) hash.update(content.subarray(at, at + size));
      assert.deepEqual(hash.digest(), expected);
    }
  }
  // FIPS 180-4's own example, and a length whose bits do not fit 32 (counted, not hashed, would be a guess).
  assert.equal(bytesToHex(sha256(new TextEncoder().encode("abc"))), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  const [ours, theirs, piece] = [new Sha256(), theirSha256.create(), bytes(1 << 24)];
  for (let count = 0; count < 33; count += 1) {
    ours.update(piece);
    theirs.update(piece);
  }
  assert.deepEqual(ours.digest(), theirs.digest());
});

test("keys come out as the package makes them, whatever the lengths", () => {
  for (const length of [0, 1, 16, 31, 32, 63, 64, 65, 100, 1000]) {
    const [key, other] = [bytes(length), bytes(1000 - length)];
    assert.deepEqual(hmac(sha256, key, other), theirHmac(theirSha256, key, other));
    for (const salt of [undefined, bytes(length)]) {
      assert.deepEqual(hkdf(sha256, other, salt, key, 32), theirHkdf.hkdf(theirSha256, other, salt, key, 32));
    }
  }
  assert.throws(() => expand(sha256, bytes(32), bytes(4), 33));
});
