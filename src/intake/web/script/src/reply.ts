// What a reporter says later, sealed in the page. The same as src/tip/conversation.rs and `reply_id` of the desk.
import { base64 } from "./base";
import type { Attachment } from "./file_row";
import type { MailboxSecrets } from "./mailbox";
import type { Readers } from "./manifest";
import { filled } from "./post";
import { MILLISECONDS_A_DAY } from "./ready";
import { seal } from "./seal";
import { utf8ToBytes } from "./sha256";
import { listed } from "./tip";

/** The fields of each in this order, which the repeat's tag depends on. */
export type Said =
  | { kind: "addition" | "objection"; text: string }
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
  const document = {
    type: "mifeng/reply/2", office, lookup_digest: secrets.lookupDigest, received_day: day, said, ...listed(attachments),
  };
  const file = await seal(JSON.stringify(document), readers.recipients);
  return filled({
    lookup: secrets.lookup,
    submission_tag: secrets.submissionTag(contentOf(said, attachments, day)),
    ciphertext: base64.encode(file),
    attachments: attachments.map((attachment) => attachment.id),
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
