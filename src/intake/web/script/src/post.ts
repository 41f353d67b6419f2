// One request, in JSON, with nothing about whoever sends it.

/** Requests are filled up to a multiple of this, so that their length does not tell who is addressed. */
const REQUEST_STEP_BYTES = 1024;

/** How long an answer is waited for, in milliseconds: a phone on a poor line needs a while for a long tip. */
const PATIENCE_MS = 90_000;

/** A request's body. */
export function filled(content: object): string {
  const body = JSON.stringify(content);
  return body.padEnd(Math.ceil(body.length / REQUEST_STEP_BYTES) * REQUEST_STEP_BYTES, " ");
}

/** The answer; `undefined` if none came. */
export async function post(url: string, body: string, language: string): Promise<{ status: number; body: Record<string, unknown> } | undefined> {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), PATIENCE_MS);
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json", "accept-language": language },
      body,
      cache: "no-store",
      credentials: "omit",
      referrerPolicy: "no-referrer",
      redirect: "error",
      signal: abort.signal,
    });
    return { status: response.status, body: (await response.json()) as Record<string, unknown> };
  } catch {
    return undefined;
  } finally {
    clearTimeout(timer);
  }
}
