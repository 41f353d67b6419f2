// X25519 (RFC 7748) by the browser alone, in place of age-encryption's own, which brings arithmetic along for browsers
// that have none: those let the server seal.

/** What stands before the 32 bytes of a private key in PKCS #8 (RFC 8410), the only form browsers read. */
const PKCS8_PREFIX = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x6e, 4, 0x22, 4, 0x20];

/** The base point (section 4.1). */
const NINE = new Uint8Array(32);
NINE[0] = 9;

/** Not to be had out of the browser again. */
export async function privateKeyOf(scalar: Uint8Array): Promise<CryptoKey> {
  const secret = new Uint8Array([...PKCS8_PREFIX, ...scalar]);
  const own = await crypto.subtle.importKey("pkcs8", secret, "X25519", false, ["deriveBits"]);
  secret.fill(0);
  return own;
}

/** Throws where the result is zero, as WebCrypto must. */
export async function scalarMult(scalar: Uint8Array | CryptoKey, point: Uint8Array): Promise<Uint8Array> {
  const own = scalar instanceof Uint8Array ? await privateKeyOf(scalar) : scalar;
  const other = await crypto.subtle.importKey("raw", new Uint8Array(point), "X25519", false, []);
  return new Uint8Array(await crypto.subtle.deriveBits({ name: "X25519", public: other }, own, 256));
}

/** Browsers give no public key for a private one, but multiply. */
export function scalarMultBase(scalar: Uint8Array | CryptoKey): Promise<Uint8Array> {
  return scalarMult(scalar, NINE);
}
