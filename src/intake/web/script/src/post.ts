// One request, in JSON, with nothing about whoever sends it.
import { prove } from "./proof";
import { show } from "./told";

/** Requests are filled up to a multiple of this, so that their length does not tell who is addressed. */
const REQUEST_STEP_BYTES = 1024;

/** How long an answer is waited for, in milliseconds: a phone on a poor line needs a while for a long tip. */
const PATIENCE_MS = 90_000;

/** A request's body. */
export function filled(content: object): string {
  const body = JSON.stringify(content);
  return body.padEnd(Math.ceil(body.length / REQUEST_STEP_BYTES) * REQUEST_STEP_BYTES, " ");
}

/**
 * The answer; `undefined` if none came. Where many send, the server asks for a little work first: it is done, the page says
 * so, and the same is sent again with it as `proof`.
 */
export async function post(url: string, body: string, language: string, proof = ""): Promise<{ status: number; body: Record<string, unknown> } | undefined> {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json", "accept-language": language, "mifeng-proof": proof },
      body,
      cache: "no-store",
      credentials: "omit",
      referrerPolicy: "no-referrer",
      redirect: "error",
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    const answer = (await response.json()) as Record<string, unknown>;
    if (!answer["challenge"]) return { status: response.status, body: answer };
    show("working", true);
    return await post(url, body, language, await prove(answer["challenge"], answer["proof_bits"]));
  } catch {
    return undefined;
  }
}
