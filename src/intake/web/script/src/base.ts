// Base64 and Bech32 of @scure/base, under one name for all that writes them here, so that the package is in the file that all
// pages share and in no other.
export { base64, bech32 } from "@scure/base";
