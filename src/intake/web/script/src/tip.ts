// A tip as typed: checked as src/sealing/tip/draft.rs checks it, and written as src/sealing/tip/document.rs writes it, to the byte.
import type { Attachment } from "./file_row";
import type { MailboxSecrets } from "./mailbox";

const TEXT_MAX_CHARS = 100_000;
const FIELD_MAX_CHARS = 500;

export interface Tip {
  category: string;
  school: string;
  subject: string;
  when: string;
  text: string;
  language: string;
  /** Whether it is for the office above alone. */
  onlyAbove?: boolean;
  /** Files that were sent before; none where there are none. */
  attachments?: readonly Attachment[];
}

export type ShortField = "school" | "subject" | "when";

/** What is wrong, by the key of its words, and the field it stands beside. */
export interface Wrong {
  key: "problem-no-category" | "problem-empty-text" | "problem-text-too-long" | "problem-field-too-long";
  field: "category" | "text" | ShortField;
}

/** As the server keeps it (src/sealing/tip/typed.rs): what no keyboard makes ends a line, no white space around it. Half a character is left out. */
export function tidy(text: string): string {
  return text
    .replace(/\r\n|(?!\t)\p{Cc}/gu, "\n")
    .replace(/\p{Cs}/gu, "")
    .replace(/^\p{White_Space}+|\p{White_Space}+$/gu, "");
}

/** An answer of one line as the server keeps it: a line break in it becomes a space. */
export function tidyLine(text: string): string {
  return tidy(text).replace(/\n/g, " ");
}

/** Whether nothing can be seen of a text, as the server knows it (`says_nothing` in src/sealing/tip/typed.rs). */
export function saysNothing(text: string): boolean {
  return /^[\p{White_Space}\p{Cc}\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\u{1bca0}-\u{1bca3}\u{1d159}\u{1d173}-\u{1d17a}\u{e0000}-\u{e0fff}]*$/u.test(text);
}

/** The first thing wrong with a tidied tip, in the order of the form. */
export function wrongWith(tip: Tip): Wrong | undefined {
  if (tip.category === "") return { key: "problem-no-category", field: "category" };
  if (saysNothing(tip.text)) return { key: "problem-empty-text", field: "text" };
  if (length(tip.text) > TEXT_MAX_CHARS) return { key: "problem-text-too-long", field: "text" };
  const long = (["school", "subject", "when"] as const).find((name) => length(tip[name]) > FIELD_MAX_CHARS);
  return long && { key: "problem-field-too-long", field: long };
}

/** Characters are counted as the server counts them: by code point. */
function length(text: string): number {
  return [...text].length;
}

/** The document that goes under the seal. */
export function documentOf(tip: Tip, office: string, day: string, mailbox: MailboxSecrets): string {
  return JSON.stringify({
    type: "mifeng/tip/2",
    office,
    category: tip.category,
    school: tip.school,
    subject: tip.subject,
    when: tip.when,
    text: tip.text,
    language: tip.language,
    received_day: day,
    channel: "web",
    mailbox: {
      lookup_digest: mailbox.lookupDigest,
      recipient: mailbox.recipient,
      receipt_secret: mailbox.receiptSecret,
      reply_key: mailbox.replyKey,
    },
    ...listed(tip.attachments),
  });
}

/** Left out of a document where there are none. */
export function listed(attachments: readonly Attachment[] = []): { attachments?: Attachment[] } {
  if (attachments.length === 0) return {};
  return {
    attachments: attachments.map(({ id, name, media_type, size_bytes, sha256 }) => ({ id, name, media_type, size_bytes, sha256 })),
  };
}

/** The fields in one string, for the keyed tag: the same as `content_of` in src/intake/desk/submission.rs. */
export function contentOf(tip: Tip): string {
  const files = (tip.attachments ?? []).flatMap((file) => [file.name, file.sha256]);
  const readers = tip.onlyAbove ? ["only-above"] : [];
  return [tip.category, tip.school, tip.subject, tip.when, tip.text, tip.language, ...files, ...readers].join("\0");
}
