// Files: named, looked at and sealed as the Rust side does it.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "node:test";
import { sealFile } from "../src/attachment";
import { look } from "../src/file_kind";
import { cleanName } from "../src/file_name";
import { attachmentPaddedLength, padme } from "../src/size_class";
import { documentOf, type Tip } from "../src/tip";
import { deriveMailbox } from "../src/mailbox";
import { bytes, keys, text } from "./vectors";

const bytesOf = (letters: string) => Uint8Array.from(letters, (letter) => letter.charCodeAt(0));
test("names lose what misleads", () => {
  for (const [typed, clean] of [
    ["../../etc/passwd", "passwd"],
    ["C:\\Users\\me\\收据.jpg", "收据.jpg"],
    ["invoice\u202egpj.exe", "invoicegpj.exe"],
    ["a\0b\nc.png", "abc.png"],
    [" .hidden. ", "hidden"],
    ["a<b>:\"c|?*%.pdf", "a_b___c____.pdf"],
    ["\u200b\ufeff", "file"],
    ["...jpg", "jpg"],
    ["/", "file"],
    ["e\u0301.txt", "\u00e9.txt"],
  ] as const) assert.equal(cleanName(typed), clean);
  const long = cleanName(`${"长".repeat(300)}.jpeg`);
  assert.ok(long.endsWith("长.jpeg") && [...long].length <= 120);
  assert.equal(cleanName(long), long);
});

test("each file is told as the Rust side tells it", () => {
  const samples = JSON.parse(text("file-kinds.json")) as { name: string; head: string; tail?: string; is: string; called?: string }[];
  assert.ok(samples.length > 100);
  for (const { name, head, tail = "", is, called } of samples) {
    const found = look(cleanName(name), bytesOf(head), bytesOf(tail));
    assert.equal(typeof found === "string" ? found.slice(13) : `${found.type} ${found.cleaned}`, is, JSON.stringify([name, head]));
    if (typeof found !== "string") assert.equal(found.name, called ?? cleanName(name));
  }
});

test("a sealed file has its length and opens with the stock tool", async () => {
  for (const [content, padded] of [[0, 0], [1, 1], [9, 10], [15, 16], [1023, 1024], [1025, 1088]] as const) {
    assert.equal(padme(content), padded);
  }
  const head = 22 + 98 + 48 + 16;
  for (const length of [1, 5000, 70_000, 1_000_000, 9_000_001]) {
    const content = new Uint8Array(length).map((_, at) => at % 251);
    async function* pieces() {
      for (let at = 0; at < length; at += 99_991) yield content.subarray(at, at + 99_991);
    }
    const sealed = await sealFile(pieces(), [keys.office_recipient]);
    assert.equal(sealed.size, length);
    assert.equal(sealed.sha256, createHash("sha256").update(content).digest("hex"));
    const opened = openWithAge(new Uint8Array(await sealed.file.arrayBuffer()));
    assert.equal(opened.length, attachmentPaddedLength(length, head));
    assert.ok(Buffer.from(content).equals(opened.subarray(0, length)));
    assert.ok(opened.subarray(length).every((byte) => byte === 0));
    assert.equal(padme(sealed.file.size), sealed.file.size);
  }
  // The frozen file was sealed by the Rust side: the same content has the same length here.
  const frozen = await sealFile((async function* () { yield bytes("attachment.pdf"); })(), [keys.office_recipient]);
  assert.equal(frozen.file.size, bytes("attachment.age").length);
});

test("what breaks off while it is sealed is told", async () => {
  async function* broken() {
    yield new Uint8Array(100_000);
    throw new Error("gone");
  }
  await assert.rejects(sealFile(broken(), [keys.office_recipient]), /gone/);
  await assert.rejects(sealFile(broken(), []));
});

test("a document with a file is the same to the byte", async () => {
  const frozen = text("tip-with-attachment.json");
  const expected = JSON.parse(frozen) as Tip & { office: string; received_day: string };
  const mailbox = await deriveMailbox(keys.mailbox_pickup_code, keys.mailbox_office);
  // Frozen before a tip's seal had a key.
  const mine = frozen
    .replace("mifeng/tip/1", "mifeng/tip/2")
    .replace(`"${mailbox.receiptSecret}"`, `"${mailbox.receiptSecret}","reply_key":"${mailbox.replyKey}"`);
  assert.equal(documentOf(expected, expected.office, expected.received_day, mailbox), mine);
});

function openWithAge(file: Uint8Array): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), "mifeng-age-"));
  writeFileSync(join(folder, "key"), `${keys.office_identity}\n`, { mode: 0o600 });
  const opened = spawnSync("age", ["-d", "-i", join(folder, "key")], { input: file, maxBuffer: 2 ** 25 });
  rmSync(folder, { recursive: true });
  assert.equal(opened.status, 0, opened.stderr.toString());
  return opened.stdout;
}
