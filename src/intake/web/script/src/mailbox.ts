// What a pickup code gives at one office: HKDF-SHA256 over its digits, salted by the office's slug, a label each.
// The same as src/sealing/mailbox.rs; both are held to tests/vectors/pickup-codes.json.
import { bech32 } from "./base";
import { bytesToHex, expand, extract, hmac, sha256, utf8ToBytes } from "./hash";
import { signingKeyOf } from "./ed25519";
import { privateKeyOf, scalarMultBase } from "./x25519";

/** Both are always there: which of them counts stands in the tip's seal only. */
export interface Proof {
  signature: string;
  mac: string;
}

export interface MailboxSecrets {
  /** The mailbox's secret name, hex. Intake keeps its SHA-256 only. */
  lookup: string;
  /** SHA-256 of the lookup, hex. */
  lookupDigest: string;
  /** The age recipient that the office's answers are sealed to. */
  recipient: string;
  /** For a later proof of filing, hex. */
  receiptSecret: string;
  /** Opens them. Not to be had out of the browser again. */
  identity: CryptoKey;
  /** The public key that the tip's seal carries, hex: what is said later is signed for it. */
  replyKey: string;
  /** Proves what is said, for tips with that key and for those of the first version. */
  sign(statement: string): Promise<Proof>;
  /** What the days on which the mailbox is opened are encrypted to, hex. */
  openedKey: string;
  /** Reads them. */
  openedSecret: CryptoKey;
  /** Tells a repeated submission from another one under the same code: an HMAC of `content`, hex. */
  submissionTag(content: string | Uint8Array): string;
}

export async function deriveMailbox(code: string, office: string): Promise<MailboxSecrets> {
  const pseudorandom = extract(sha256, utf8ToBytes(code), utf8ToBytes(office));
  const key = (label: string) => expand(sha256, pseudorandom, utf8ToBytes(label), 32);
  const lookup = key("mifeng/lookup/1");
  const receipt = key("mifeng/receipt/1");
  const replies = await signingKeyOf(key("mifeng/reply-key/1"));
  const opened = await privateKeyOf(key("mifeng/opened-key/1"));
  const tagKey = key("mifeng/submission-tag/1");
  const identity = await privateKeyOf(key("mifeng/mailbox-identity/1"));
  return {
    lookup: bytesToHex(lookup),
    lookupDigest: bytesToHex(sha256(lookup)),
    recipient: bech32.encodeFromBytes("age", await scalarMultBase(identity)),
    identity,
    receiptSecret: bytesToHex(receipt),
    replyKey: bytesToHex(replies.publicKey),
    openedKey: bytesToHex(await scalarMultBase(opened)),
    openedSecret: opened,
    sign: async (statement) => ({
      signature: bytesToHex(await replies.sign(utf8ToBytes(`mifeng/reply-signature/1\0${statement}`))),
      mac: bytesToHex(hmac(sha256, expand(sha256, receipt, utf8ToBytes("mifeng/reply-mac-key/1"), 32), utf8ToBytes(`mifeng/reply-mac/1\0${statement}`))),
    }),
    submissionTag: (content) =>
      bytesToHex(hmac(sha256, tagKey, typeof content === "string" ? utf8ToBytes(content) : content)),
  };
}
