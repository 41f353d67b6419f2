// A mailbox, fetched by its lookup and opened in the page. The same as src/intake/mailbox.rs.
import { openFile } from "./age";
import { base64 } from "./base";
import type { MailboxSecrets } from "./mailbox";
import { openedDay } from "./opened";
import { filled, post } from "./post";

/** What the office says: src/sealing/tip/message.rs, `MailboxMessage`. */
export interface Message {
  sequence: number;
  day: string;
  kind: "status" | "message" | "question" | "result" | "closed";
  status: string;
  due_day: string | null;
  due_is_provisional: boolean;
  text: string;
  due_source_zh?: string;
  due_source_en?: string;
  messages_read?: number;
  aftercare_answered_days?: number;
  sent?: SentItem[];
  sent_left_out?: number;
  clocks?: { rule: string; due_day: string; first_due_day?: string; met_day?: string }[];
}

/** What the reporter sent, without the words: src/sealing/tip/sent.rs. */
export interface SentItem {
  day: string;
  kind: string;
  chars: number;
  files?: number;
  after?: number;
}

export interface Mailbox {
  /** Slug of the office that reads what is said here. */
  addressee: string;
  /** Where the office is. */
  today: string;
  /** The day on which it was opened before, where that is known. */
  opened: string | undefined;
  latest: Message | undefined;
  /** Those with words, oldest first. */
  messages: Message[];
  /** Each state with the day it was reached, oldest first. */
  timeline: Message[];
}

/** The mailbox; the words of why there is none; `undefined` if no answer came. */
export async function pickUp(url: string, secrets: MailboxSecrets, language: string): Promise<Mailbox | "unknown" | { title: string } | undefined> {
  const answer = await post(url, filled({ lookup: secrets.lookup }), language);
  if (!answer) return undefined;
  const { title, known, addressee, today, messages, opened: field } = answer.body;
  if (typeof title === "string") return { title };
  if (known === false) return "unknown";
  if (known !== true || !Array.isArray(messages)) return undefined;
  const opened = await Promise.all(messages.map((sealed) => read(String(sealed), secrets.identity)));
  const all = opened.flatMap((message) => message ?? []).sort((one, other) => one.sequence - other.sequence);
  return {
    opened: await openedDay(String(field), secrets.openedSecret, String(today)).catch(() => undefined),
    addressee: String(addressee),
    today: String(today),
    latest: all[all.length - 1],
    messages: all.filter((message) => message.kind !== "status" || message.text !== ""),
    timeline: all.filter((message, at) => message.status !== all[at - 1]?.status),
  };
}

/** `undefined` for what was not sealed to this code. */
async function read(sealed: string, identity: CryptoKey): Promise<Message | undefined> {
  try {
    const json = new TextDecoder().decode(await openFile(base64.decode(sealed), identity));
    const message = JSON.parse(json) as Message & { type: string };
    return /^mifeng\/mailbox\/[123]$/.test(message.type) ? message : undefined;
  } catch {
    return undefined;
  }
}
