// Whether this browser can seal and open, and whose keys it seals to.
import { signingKeyOf } from "./ed25519";
import { verifyManifest, type Manifest } from "./manifest";

export const MILLISECONDS_A_DAY = 86_400_000;

/** The manifest that the server put into the page, checked. Throws where it does not check out. */
export async function manifestOf(data: DOMStringMap): Promise<Manifest> {
  const { manifest: file = "", manifestKey = "", today = "", office } = data;
  const manifest = await verifyManifest(file, manifestKey, latestDay(today));
  if (manifest.slug !== office) throw new Error("another office's");
  return manifest;
}

/** The server's day, or this device's if it is later: an old manifest is not made good by a server that says so. */
function latestDay(today: string): string {
  // A day less, since days begin elsewhere at another time.
  const here = new Date(Date.now() - MILLISECONDS_A_DAY).toISOString().slice(0, 10);
  return here > today ? here : today;
}

/** A secure context, and the two curves in WebCrypto: one to seal with, one to check the manifest with. */
export async function canSeal(): Promise<boolean> {
  try {
    const usages: KeyUsage[] = ["deriveBits"];
    await crypto.subtle.generateKey("X25519", false, usages);
    await crypto.subtle.importKey("raw", new Uint8Array(32), "Ed25519", false, ["verify"]);
    // Some know the curve, and not how to sign on it from a seed or what its public half is.
    if ((await signingKeyOf(new Uint8Array(32))).publicKey.length !== 32) return false;
    return typeof TransformStream === "function";
  } catch {
    return false;
  }
}
