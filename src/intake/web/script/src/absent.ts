// Stands in for the parts of age-encryption that nothing here uses (see build.mjs): passphrases, post-quantum and tag
// recipients, armor, passkeys, and curve arithmetic in JavaScript where the browser has none of its own. Whoever gets
// here after all is told, and the page lets the server seal instead.
const absent = (): never => {
  throw new Error("not part of this page");
};

export const armor = absent;
export const webauthn = absent;
export const scrypt = absent;
export const p256 = absent;
export const MLKEM768P256 = absent;
export const MLKEM768X25519 = absent;

/** The base point, which is all that is needed of the curve: the browser multiplies (RFC 7748, section 4.1). */
const basePoint = new Uint8Array(32);
basePoint[0] = 9;
export const x25519 = { GuBytes: basePoint, scalarMult: absent, scalarMultBase: absent };
