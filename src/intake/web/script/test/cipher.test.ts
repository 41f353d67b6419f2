// ChaCha20-Poly1305 and X25519 as they are bundled, against node's own.
import assert from "node:assert/strict";
import { createCipheriv, createDecipheriv, diffieHellman, generateKeyPairSync, randomBytes } from "node:crypto";
import test from "node:test";
import { decryptSTREAM, encryptSTREAM } from "../node_modules/age-encryption/dist/stream.js";
import { through, wholeOf } from "../src/age";
import { scalarMult, scalarMultBase } from "../src/x25519";

const bytes = (length: number) => new Uint8Array(randomBytes(length));

test("a chunk is sealed as node seals it, and only an unaltered one opens", async () => {
  const options = { authTagLength: 16 };
  for (const length of [0, 1, 15, 16, 17, 63, 64, 65, 255, 256, 1000, 65_535, 65_536]) {
    const [key, content] = [bytes(32), bytes(length)];
    const nonce = new Uint8Array(12);
    nonce[11] = 1;
    const theirs = createCipheriv("chacha20-poly1305", key, nonce, options);
    const expected = Buffer.concat([theirs.update(content), theirs.final(), theirs.getAuthTag()]);
    const ours = await wholeOf(through(content, encryptSTREAM(key)));
    assert.ok(expected.equals(ours), String(length));
    const opener = createDecipheriv("chacha20-poly1305", key, nonce, options);
    opener.setAuthTag(ours.subarray(length));
    assert.ok(Buffer.concat([opener.update(ours.subarray(0, length)), opener.final()]).equals(content));
    assert.ok(Buffer.from(content).equals(await wholeOf(through(ours, decryptSTREAM(key)))));
    for (const at of [0, length >> 1, ours.length - 1]) {
      const altered = ours.slice();
      altered[at]! ^= 1;
      await assert.rejects(wholeOf(through(altered, decryptSTREAM(key))), String(length));
    }
    await assert.rejects(wholeOf(through(ours.subarray(0, 15), decryptSTREAM(key))));
  }
});

test("two sides come to the same secret, and the zero point to none", async () => {
  const { publicKey, privateKey } = generateKeyPairSync("x25519");
  const [theirPublic, own] = [publicKey.export({ type: "spki", format: "der" }).subarray(12), bytes(32)];
  const ourPublic = Buffer.concat([Buffer.from("302a300506032b656e032100", "hex"), await scalarMultBase(own)]);
  const { createPublicKey } = await import("node:crypto");
  const theirs = diffieHellman({ privateKey, publicKey: createPublicKey({ key: ourPublic, type: "spki", format: "der" }) });
  assert.deepEqual(Buffer.from(await scalarMult(own, new Uint8Array(theirPublic))), theirs);
  await assert.rejects(scalarMult(own, new Uint8Array(32)));
});
