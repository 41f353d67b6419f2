// Ed25519 (RFC 8032) by the browser alone, from a seed.
import { base64 } from "./base";

/** What stands before the 32 bytes of a seed in PKCS #8 (RFC 8410), the only form browsers read. */
const PKCS8_PREFIX = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];

export interface Signer {
  publicKey: Uint8Array;
  sign(message: Uint8Array<ArrayBuffer>): Promise<Uint8Array>;
}

/** Throws where the browser cannot. A browser says the public half in one form only, which has the seed beside it. */
export async function signingKeyOf(seed: Uint8Array): Promise<Signer> {
  const secret = new Uint8Array([...PKCS8_PREFIX, ...seed]);
  const key = await crypto.subtle.importKey("pkcs8", secret, "Ed25519", true, ["sign"]);
  secret.fill(0);
  const { x = "" } = await crypto.subtle.exportKey("jwk", key);
  return {
    publicKey: base64.decode(`${x.replace(/-/g, "+").replace(/_/g, "/")}=`),
    sign: async (message) => new Uint8Array(await crypto.subtle.sign("Ed25519", key, message)),
  };
}
