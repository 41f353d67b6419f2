// SHA-256, HMAC and HKDF as they are bundled, against node's own.
import assert from "node:assert/strict";
import { createHash, createHmac, hkdfSync, randomBytes } from "node:crypto";
import test from "node:test";
import { bytesToHex, expand, extract, hkdf, hmac, sha256 } from "../src/hash";

const bytes = (length: number) => new Uint8Array(randomBytes(length));
const theirSha256 = (content: Uint8Array) => new Uint8Array(createHash("sha256").update(content).digest());

test("hashes come out as node makes them, in pieces of any size", () => {
  for (const length of [...Array(200).keys(), 1000, 4096, 100_000]) {
    const content = bytes(length);
    const expected = theirSha256(content);
    assert.deepEqual(sha256(content), expected);
    for (const size of [1, 3, 55, 63, 64, 65, 127, 4097]) {
      const hash = sha256.create();
      for (let at = 0; at < length; at += size) hash.update(content.subarray(at, at + size));
      assert.deepEqual(hash.digest(), expected);
    }
  }
  // FIPS 180-4's own example, and a length whose bits do not fit 32 (counted, not hashed, would be a guess).
  assert.equal(bytesToHex(sha256(new TextEncoder().encode("abc"))), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  const [ours, theirs, piece] = [sha256.create(), createHash("sha256"), bytes(1 << 24)];
  for (let count = 0; count < 33; count += 1) {
    ours.update(piece);
    theirs.update(piece);
  }
  assert.deepEqual(ours.digest(), new Uint8Array(theirs.digest()));
});

test("keys come out as node makes them, whatever the lengths", () => {
  for (const length of [0, 1, 16, 31, 32, 63, 64, 65, 100, 1000]) {
    const [key, other] = [bytes(length), bytes(1000 - length)];
    assert.deepEqual(hmac(sha256, key, other), new Uint8Array(createHmac("sha256", key).update(other).digest()));
    for (const salt of [undefined, bytes(length)]) {
      const label = bytes(length);
      const expected = new Uint8Array(hkdfSync("sha256", other, salt ?? new Uint8Array(32), label, 32));
      assert.deepEqual(hkdf(sha256, other, salt, label, 32), expected);
      assert.deepEqual(expand(sha256, extract(sha256, other, salt), label, 32), expected);
    }
  }
});
