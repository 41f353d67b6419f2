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
const JPEG = "\xff\xd8\xff\xe0\0\x10JFIF\0";
const DOCX = "PK\x03\x04\x14\0\x06\0\x08\0\0\0!\0\0\0\0\0\0\0\0\0\0\0\0\0\x13\0\0\0[Content_Types].xml";
const ODT = "PK\x03\x04\x14\0\0\x08\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x08\0\0\0mimetypeapplication/vnd.oasis.opendocument.text";

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

test("content and name must agree", () => {
  const of = (name: string, head: string, tail = "") => {
    const found = look(name, bytesOf(head), bytesOf(tail));
    return typeof found === "string" ? found.slice(13) : `${found.type} ${found.cleaned}`;
  };
  for (const [name, head, expected] of [
    ["收据.JPG", JPEG, "image/jpeg here"],
    ["a.jpg", "\0\0\0\x18ftypheic\0\0\0\0", "image/heic server"],
    ["a.mp4", "\0\0\0\x18ftypM4A \0\0\0\0", "video/mp4 nobody"],
    ["a.m4a", "\0\0\0\x18ftypM4A \0\0\0\0", "audio/mp4 nobody"],
    ["a.pdf", "%PDF-1.7", "application/pdf server"],
    ["账.docx", DOCX, "application/vnd.openxmlformats-officedocument.wordprocessingml.document server"],
    ["a.odt", ODT, "application/vnd.oasis.opendocument.text nobody"],
    ["a.et", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/vnd.ms-excel nobody"],
    ["a.amr", "#!AMR\n<", "audio/amr nobody"],
    ["a.mp3", "\xff\xfb\x90\0", "audio/mpeg nobody"],
    ["a.aac", "\xff\xf1\x50\x80", "audio/aac nobody"],
    ["a.webp", "RIFF\0\0\0\0WEBPVP8 ", "image/webp here"],
    ["账.doc", DOCX, "not-as-named"],
    ["a.pdf", JPEG, "not-as-named"],
    ["a.exe", JPEG, "not-as-named"],
    ["a", JPEG, "not-as-named"],
    ["a.jpg", "", "empty"],
    ["a.jpg", "MZ\x90\0", "wrong-kind"],
    ["a.jpg", "<html>", "wrong-kind"],
    ["a.docx", "PK\x03\x04\x14\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\x07\0\0\0evil.js", "wrong-kind"],
    ["a.jpg", `${JPEG} %PDF-1.7`, "two-things"],
    ["a.jpg", `${JPEG} <ScRiPt>`, "two-things"],
  ] as const) assert.equal(of(name, head), expected, name);
  const end = `PK\x05\x06${"\0".repeat(16)}\x03\0abc`;
  assert.equal(of("a.jpg", JPEG, end), "two-things");
  assert.equal(of("a.docx", DOCX, end), "application/vnd.openxmlformats-officedocument.wordprocessingml.document server");
  assert.equal(of("a.jpg", JPEG, `${end}d`), "image/jpeg here");
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
  assert.equal(documentOf(expected, expected.office, expected.received_day, mailbox), frozen);
});

function openWithAge(file: Uint8Array): Uint8Array {
  const folder = mkdtempSync(join(tmpdir(), "mifeng-age-"));
  writeFileSync(join(folder, "key"), `${keys.office_identity}\n`, { mode: 0o600 });
  const opened = spawnSync("age", ["-d", "-i", join(folder, "key")], { input: file, maxBuffer: 2 ** 25 });
  rmSync(folder, { recursive: true });
  assert.equal(opened.status, 0, opened.stderr.toString());
  return opened.stdout;
}
