// Codes, mailboxes, manifests, documents and seals: the same as the Rust side makes, held to the same frozen vectors.
import { spawnSync } from "node:child_process";
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { deriveMailbox } from "../src/mailbox";
import { verifyManifest } from "../src/manifest";
import { openedDay } from "../src/opened";
import { CODE_DIGITS, codeIn, damm, digitsOf, groupsOf, makeCode } from "../src/pickup_code";
import { seal } from "../src/seal";
import { classFor } from "../src/size_class";
import { documentOf, tidy, tidyLine, wrongWith, type Tip } from "../src/tip";
import { readToml } from "../src/toml";
import { bytes, codes, keys, replyKeys, text, typedCodes } from "./vectors";

const TODAY = "2026-02-13";

test("codes give what they always gave", async () => {
  assert.equal(codes.length, 3);
  for (const vector of codes) {
    const mailbox = await deriveMailbox(vector.pickup_code, vector.office);
    assert.equal(mailbox.lookupDigest, vector.lookup_digest);
    assert.equal(mailbox.recipient, vector.recipient);
    assert.equal(mailbox.receiptSecret, vector.receipt_secret);
    assert.equal(mailbox.submissionTag(vector.submission_tag.content), vector.submission_tag.tag);
  }
});

test("codes sign as they always signed", async () => {
  assert.equal(replyKeys.length, 3);
  for (const vector of replyKeys) {
    const mailbox = await deriveMailbox(vector.pickup_code, vector.office);
    assert.equal(mailbox.replyKey, vector.reply_key);
    assert.deepEqual(await mailbox.sign(vector.statement), { signature: vector.signature, mac: vector.mac });
    const other = await mailbox.sign(`${vector.statement} `);
    assert.ok(other.signature !== vector.signature && other.mac !== vector.mac);
  }
});

test("days of openings are read as they always were", async () => {
  const mailbox = await deriveMailbox(keys.mailbox_pickup_code, keys.mailbox_office);
  const frozen = JSON.parse(text("opened-days.json")) as { opened_key: string; today: string; fields: { field: string; day: string | null }[] };
  assert.equal(mailbox.openedKey, frozen.opened_key);
  for (const { field, day } of frozen.fields) assert.equal(await openedDay(field, mailbox.openedSecret, frozen.today), day ?? undefined);
});

test("a new code ends in its check digit, and every slip is found", () => {
  const seen = new Map<string, number>();
  for (let i = 0; i < 300; i += 1) {
    const code = makeCode();
    assert.match(code, /^[0-9]{28}$/);
    assert.equal(damm(code), 0);
    for (const digit of code.slice(0, -1)) seen.set(digit, (seen.get(digit) ?? 0) + 1);
  }
  // 8,100 digits: 810 of each, give or take eight standard deviations.
  for (const count of seen.values()) assert.ok(Math.abs(count - 810) < 8 * 27, String(count));
  const code = makeCode();
  for (let at = 0; at < CODE_DIGITS; at += 1) {
    for (const other of "0123456789") {
      const typed = code.slice(0, at) + other + code.slice(at + 1);
      assert.equal(damm(typed) === 0, typed === code);
    }
  }
  assert.equal(groupsOf(code).join(""), code);
  assert.equal(digitsOf(" １２-3４ "), "1234");
});

test("a code is read out of what was pasted as the server reads it", () => {
  for (const { typed, code, wrong } of typedCodes) {
    const keys = { length: "problem-code-shape", letter: "problem-code-shape", mistyped: "problem-code-mistyped" };
    assert.deepEqual(codeIn(typed), code === undefined ? { code: "", wrong: keys[wrong ?? "length"] } : { code, wrong: "" }, typed);
  }
});

test("the frozen manifest verifies, and says whom to seal to", async () => {
  const manifest = await verifyManifest(text("manifest.txt"), keys.manifest_public_key, TODAY);
  assert.equal(manifest.slug, "qingxi");
  assert.match(manifest.fingerprint, /^[0-9a-f]{32}$/);
  assert.deepEqual(manifest.readersOf("tutoring"), { addressee: "qingxi", recipients: [keys.office_recipient] });
  const parent = manifest.readersOf("office-staff");
  assert.equal(parent.addressee, "linjiang");
  assert.ok(!parent.recipients.includes(keys.office_recipient));
});

test("the frozen manifest with a number and revoked keys verifies too", async () => {
  const manifest = await verifyManifest(text("manifest-2.txt"), keys.manifest_public_key, TODAY);
  assert.deepEqual(manifest.readersOf("tutoring"), { addressee: "qingxi", recipients: [keys.office_recipient] });
});

test("a manifest that is expired, forged, altered or unsigned is refused", async () => {
  const sound = text("manifest.txt");
  for (const file of [
    text("manifest-expired.txt"),
    text("manifest-forged.txt"),
    sound.replace("not_after = \"2036", "not_after = \"2037"),
    sound.replace(/age1lj/, "age1lk"),
    sound.slice(0, sound.lastIndexOf("mifeng-signature-1")),
    "",
  ]) {
    await assert.rejects(verifyManifest(file, keys.manifest_public_key, TODAY));
  }
  await assert.rejects(verifyManifest(sound, "mifeng-manifest-key-1:AAAA", TODAY));
});

test("strings are read in every quotation, and what is no such file is refused", () => {
  const toml = readToml("a = \"x \\\"y\\\" \\u6e05\"\nb = '''\nl'1\n'''\n\n[t.u]\nc = [\"1\", '2']\nd = \"\"\"\nm\"n\n\"\"\"\n");
  assert.deepEqual([...toml], [["a", 'x "y" 清'], ["b", "l'1\n"], ["t.u.c", ["1", "2"]], ["t.u.d", 'm"n\n']]);
  for (const bad of ["a", "a = 1x", "a = 1.5", "a = -1", "a = \"x", "a = \"\\q\"", "a = \"1\"\na = \"2\"", "a = [\"1\" \"2\"]", "a = \"1\" b", "[[t]", "[t]]"]) {
    assert.throws(() => readToml(bad), bad);
  }
});

test("listed tables stand in their places", () => {
  const toml = readToml("[[c.l]]\nn = '1'\n\n[c.l.name]\nzh-Hans = 'x'\n\n[[c.l]]\nn = '2'\n[c.l.name]\nen = 'y'\n[c.w.zh-Hant]\nn = '3'\n");
  assert.deepEqual([...toml], [
    ["c.l.0.n", "1"], ["c.l.0.name.zh-Hans", "x"], ["c.l.1.n", "2"], ["c.l.1.name.en", "y"], ["c.w.zh-Hant.n", "3"],
  ]);
});

test("a document is the same to the byte", async () => {
  const frozen = text("tip-2.json");
  const expected = JSON.parse(frozen) as Tip & { office: string; received_day: string };
  const mailbox = await deriveMailbox(keys.mailbox_pickup_code, keys.mailbox_office);
  assert.equal(documentOf(expected, expected.office, expected.received_day, mailbox), frozen);
});

test("what is sealed here has a class's length and opens with the stock tool", async () => {
  for (const [length, size] of [[1, 4096], [1900, 4096], [2100, 8192], [70_000, 131_072], [300_000, 524_288]] as const) {
    const document = `{"x":"${"长".repeat(length / 3)}"}`;
    const file = await seal(document, [keys.office_recipient]);
    assert.equal(file.length, size);
    assert.equal(openWithAge(file).trimEnd(), document);
  }
  assert.equal(classFor(2 ** 20), undefined);
  await assert.rejects(seal("x".repeat(2 ** 20), [keys.office_recipient]));
  await assert.rejects(seal("x", []));
  await assert.rejects(seal("x", new Array<string>(30).fill(keys.office_recipient)));
});

test("the largest number of recipients still has a class's length", async () => {
  const file = await seal("{}", new Array<string>(16).fill(keys.office_recipient));
  assert.equal(file.length, 4096);
});

test("text is kept as the server keeps it", () => {
  assert.equal(tidy(" \u3000a\r\nb\rc\u0000\ud800\td \n"), "a\nb\nc\n\td");
  assert.equal(tidy("第一行\u000b第二行\u000c第三行\u0085e"), "第一行\n第二行\n第三行\ne");
  assert.equal(tidyLine(" 第三\u000b中学\n"), "第三 中学");
  const tip = { category: "gifts", school: "", subject: "", when: "", text: "x", language: "en" };
  assert.equal(wrongWith(tip), undefined);
  assert.equal(wrongWith({ ...tip, category: "" })?.key, "problem-no-category");
  for (const text of ["", "\u200b\u202e\u3164", "\u2800 \ufeff\u{e0041}"]) assert.equal(wrongWith({ ...tip, text })?.key, "problem-empty-text");
  assert.equal(wrongWith({ ...tip, text: "\u200b补" }), undefined);
  assert.equal(wrongWith({ ...tip, text: "𠀀".repeat(100_000) }), undefined);
  assert.equal(wrongWith({ ...tip, text: "x".repeat(100_001) })?.key, "problem-text-too-long");
  assert.deepEqual(wrongWith({ ...tip, when: "x".repeat(501) }), { key: "problem-field-too-long", field: "when" });
});

function openWithAge(file: Uint8Array): string {
  const folder = mkdtempSync(join(tmpdir(), "mifeng-age-"));
  writeFileSync(join(folder, "key"), `${keys.office_identity}\n`, { mode: 0o600 });
  const opened = spawnSync("age", ["-d", "-i", join(folder, "key")], { input: file, maxBuffer: 2 ** 21 });
  rmSync(folder, { recursive: true });
  assert.equal(opened.status, 0, opened.stderr.toString());
  return opened.stdout.toString();
}

test("the frozen tip was sealed to a class as well", () => {
  assert.equal(bytes("tip.age").length, classFor(bytes("tip.json").length));
});
