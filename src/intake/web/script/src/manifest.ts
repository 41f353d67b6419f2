// The office manifest: who may be sealed to. Checked here as src/sealing/manifest_file.rs checks it, against the key
// that came with the page. Page and key come from the same place, so the check finds a manifest that was altered or
// taken from another office; whoever wants to know that the place itself is honest compares the fingerprint, which is
// reckoned here over the very key that the signature was checked with, with the one on the office's poster.
import { base64 } from "./base";
import { checkRecipient } from "./recipient";
import { bytesToHex, sha256, utf8ToBytes } from "./hash";
import { readToml, type Toml } from "./toml";

const FIRST_LINE = "mifeng-manifest-1\n";
const SIGNATURE_PREFIX = "mifeng-signature-1 ";
const KEY_PREFIX = "mifeng-manifest-key-1:";
const ABOUT_THE_OFFICE = "office-staff";

export interface Readers {
  /** Slug under which they pull. */
  addressee: string;
  /** Age recipients. */
  recipients: string[];
}

export interface Manifest {
  slug: string;
  /** The first 128 bits of the SHA-256 of the key that signed it, hex. */
  fingerprint: string;
  /** Whom a tip of this category is sealed to: the parent office's people alone where it is about the office, or was chosen. */
  readersOf(category: string, onlyAbove?: boolean): Readers;
  /** The office itself, or its parent, by slug. */
  readersCalled(slug: string): Readers | undefined;
}

/** Throws where the signature does not hold, the term is over on `today` (an ISO day), or the text is no manifest. */
export async function verifyManifest(file: string, trusted: string, today: string): Promise<Manifest> {
  const at = file.lastIndexOf(SIGNATURE_PREFIX);
  if (at < 0 || !file.startsWith(FIRST_LINE)) throw new Error("not signed");
  const signed = file.slice(0, at);
  const signature = base64.decode(file.slice(at + SIGNATURE_PREFIX.length).trimEnd());
  if (!trusted.startsWith(KEY_PREFIX)) throw new Error("not a manifest key");
  const trustedBytes = own(base64.decode(trusted.slice(KEY_PREFIX.length)));
  const key = await crypto.subtle.importKey("raw", trustedBytes, "Ed25519", false, ["verify"]);
  if (!(await crypto.subtle.verify("Ed25519", key, own(signature), own(utf8ToBytes(signed))))) {
    throw new Error("not signed by the trusted key");
  }
  const body = readToml(signed.slice(FIRST_LINE.length));
  if (text(body, "not_after") < today) throw new Error("ran out");
  const office = readers(body, "");
  const parent = body.has("parent.slug") ? readers(body, "parent.") : undefined;
  return {
    slug: office.addressee,
    fingerprint: bytesToHex(sha256(trustedBytes).slice(0, 16)),
    readersOf: (category, onlyAbove) => ((onlyAbove || category === ABOUT_THE_OFFICE) && parent ? parent : office),
    readersCalled: (slug) => [office, parent].find((readers) => readers?.addressee === slug),
  };
}

function readers(body: Toml, table: string): Readers {
  const recipients = body.get(`${table}recipients`);
  if (!Array.isArray(recipients) || recipients.length === 0) throw new Error("nobody to seal to");
  recipients.forEach(checkRecipient);
  return { addressee: text(body, `${table}slug`), recipients };
}

function text(body: Toml, key: string): string {
  const value = body.get(key);
  if (typeof value !== "string" || value === "") throw new Error("not a manifest");
  return value;
}

/** WebCrypto takes no view whose buffer might be shared. */
function own(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes);
}
