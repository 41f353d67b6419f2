// Recipients that are taken and refused: the same as src/sealing/recipient.rs says, held to the same vectors.
import assert from "node:assert/strict";
import test from "node:test";
import { checkRecipient } from "../src/recipient";
import { text } from "./vectors";

interface Vectors {
  points: { name: string; recipient: string; result: string }[];
  texts: { name: string; text: string; result: string }[];
}

const vectors = JSON.parse(text("recipients.json")) as Vectors;

test("every point is taken or refused as it must be", () => {
  assert.ok(vectors.points.length > 70);
  for (const { name, recipient, result } of vectors.points) {
    if (result === "sound") checkRecipient(recipient);
    else assert.throws(() => checkRecipient(recipient), name);
  }
});

test("what is no recipient is refused", () => {
  for (const { name, text } of vectors.texts) assert.throws(() => checkRecipient(text), name);
});

test("capitals are another spelling, and are refused", () => {
  const sound = vectors.points.filter(({ result }) => result === "sound");
  assert.ok(sound.length > 0);
  for (const { recipient } of sound) assert.throws(() => checkRecipient(recipient.toUpperCase()), recipient);
});
