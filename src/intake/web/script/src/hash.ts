// SHA-256, HMAC and HKDF of @noble/hashes, under one name for all that hashes here, so that the package is in the file that
// all pages share and in no other. WebCrypto has no SHA-256 that takes a file in pieces.
export { expand, extract, hkdf } from "@noble/hashes/hkdf.js";
export { hmac } from "@noble/hashes/hmac.js";
export { sha256 } from "@noble/hashes/sha2.js";
export { bytesToHex, randomBytes, utf8ToBytes } from "@noble/hashes/utils.js";
