// The frozen vectors that the Rust side is held to as well.
import { readFileSync } from "node:fs";
import { join } from "node:path";

export function bytes(name: string): Uint8Array {
  return readFileSync(join(process.env["VECTORS"] ?? "", name));
}

export function text(name: string): string {
  return new TextDecoder().decode(bytes(name));
}

export interface CodeVector {
  pickup_code: string;
  office: string;
  lookup_digest: string;
  recipient: string;
  receipt_secret: string;
  submission_tag: { content: string; tag: string };
}

export interface Keys {
  office_identity: string;
  office_recipient: string;
  manifest_public_key: string;
  mailbox_pickup_code: string;
  mailbox_office: string;
}

export interface ReplyVector {
  pickup_code: string;
  office: string;
  reply_key: string;
  statement: string;
  signature: string;
  mac: string;
}

export const replyKeys = JSON.parse(text("reply-keys.json")) as ReplyVector[];
export const codes = JSON.parse(text("pickup-codes.json")) as CodeVector[];
/** What was typed, and the code in it or what is wrong. */
export interface TypedCode {
  typed: string;
  code?: string;
  wrong?: "length" | "letter" | "mistyped";
}

export const typedCodes = JSON.parse(text("typed-codes.json")) as TypedCode[];
export const keys = JSON.parse(text("keys.json")) as Keys;
