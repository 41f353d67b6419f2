// What a pickup code gives at one office: HKDF-SHA256 over its digits, salted by the office's slug, a label each.
// The same as src/sealing/mailbox.rs; both are held to tests/vectors/pickup-codes.json.
import { expand, extract } from "@noble/hashes/hkdf.js";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import { bech32 } from "@scure/base";

export interface MailboxSecrets {
  /** The mailbox's secret name, hex. Intake keeps its SHA-256 only. */
  lookup: string;
  /** SHA-256 of the lookup, hex. */
  lookupDigest: string;
  /** The age recipient that the office's answers are sealed to. */
  recipient: string;
  /** For a later proof of filing, hex. */
  receiptSecret: string;
  /** Tells a repeated submission from another one under the same code: an HMAC of `content`, hex. */
  submissionTag(content: string): string;
}

export async function deriveMailbox(code: string, office: string): Promise<MailboxSecrets> {
  const pseudorandom = extract(sha256, utf8ToBytes(code), utf8ToBytes(office));
  const key = (label: string) => expand(sha256, pseudorandom, utf8ToBytes(label), 32);
  const lookup = key("mifeng/lookup/1");
  const tagKey = key("mifeng/submission-tag/1");
  return {
    lookup: bytesToHex(lookup),
    lookupDigest: bytesToHex(sha256(lookup)),
    recipient: bech32.encodeFromBytes("age", await publicKeyOf(key("mifeng/mailbox-identity/1"))),
    receiptSecret: bytesToHex(key("mifeng/receipt/1")),
    submissionTag: (content) => bytesToHex(hmac(sha256, tagKey, utf8ToBytes(content))),
  };
}

/** What stands before the 32 bytes of an X25519 private key in PKCS #8 (RFC 8410), the only form browsers read. */
const PKCS8_PREFIX = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x6e, 4, 0x22, 4, 0x20];

/** Browsers give no public key for a private one, but multiply: by the base point (RFC 7748, section 4.1). */
async function publicKeyOf(scalar: Uint8Array): Promise<Uint8Array> {
  const secret = new Uint8Array([...PKCS8_PREFIX, ...scalar]);
  const own = await crypto.subtle.importKey("pkcs8", secret, "X25519", false, ["deriveBits"]);
  const nine = await crypto.subtle.importKey("raw", new Uint8Array([9, ...new Array<number>(31).fill(0)]), "X25519", false, []);
  secret.fill(0);
  return new Uint8Array(await crypto.subtle.deriveBits({ name: "X25519", public: nine }, own, 256));
}
