// What a reporter says later, sealed in the page. The same as src/sealing/tip/said.rs and src/sealing/tip/statement.rs.
import { base64 } from "./base";
import type { Attachment } from "./file_row";
import type { MailboxSecrets } from "./mailbox";
import type { Readers } from "./manifest";
import { filled } from "./post";
import { MILLISECONDS_A_DAY } from "./ready";
import { seal } from "./seal";
import { utf8ToBytes } from "./hash";

/** The fields of each in this order, which the repeat's tag depends on. */
export type Said =
  | { kind: "addition" | "objection" | "correction" | "withdrawal"; text: string }
  | { kind: "aftercare"; after_days: number; stopped: string; treated_badly: boolean; text: string }
  | { kind: "read"; messages: number }
  | { kind: "farewell" };

/** The request's body. */
export async function replyOf(
  said: Said,
  attachments: readonly Attachment[],
  office: string,
  readers: Readers,
  day: string,
  secrets: MailboxSecrets,
): Promise<string> {
  const tag = secrets.submissionTag(contentOf(said, attachments, day));
  // Signed as a text and sent as that text: written anew it might be another.
  const statement = JSON.stringify({
    office,
    lookup_digest: secrets.lookupDigest,
    reply_id: tag,
    received_day: day,
    said,
    // What it is, not where it lies: all but its id.
    files: attachments.map((file) => ({ ...file, id: undefined })),
  });
  const attachment_ids = attachments.map(({ id }) => id);
  const document = { type: "mifeng/reply/3", statement, ...(await secrets.sign(statement)), attachment_ids };
  const file = await seal(JSON.stringify(document), readers.recipients);
  return filled({
    lookup: secrets.lookup,
    submission_tag: tag,
    ciphertext: base64.encode(file),
    attachments: attachment_ids,
    farewell: said.kind === "farewell",
  });
}

/** What a repeat has in common with the first: the words, the files, and the day. */
function contentOf(said: Said, attachments: readonly Attachment[], day: string): Uint8Array {
  const content = utf8ToBytes(JSON.stringify(said) + attachments.map((file) => file.sha256).join(""));
  const bytes = new Uint8Array(content.length + 4);
  bytes.set(content);
  new DataView(bytes.buffer).setInt32(content.length, Date.parse(day) / MILLISECONDS_A_DAY, true);
  return bytes;
}
