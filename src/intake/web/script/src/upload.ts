// Sends one file, and says how far it is: what `fetch` cannot yet do in every browser.
import { prove } from "./proof";

/** How long a line may be still before it counts as lost, in milliseconds. */
const PATIENCE_MS = 90_000;

/** The answer; `undefined` if none came. */
export type Answer = { status: number; body: Record<string, unknown> } | undefined;

/** Files from this size on are asked for before they are sent, in bytes: a smaller one is quickly sent again. */
const ASKED_FROM_BYTES = 1_000_000;

/**
 * Where many files come, the server asks for a little work for each: for a large one before it is sent, for a small one
 * when it was.
 */
export async function send(
  url: string,
  body: Blob,
  language: string,
  signal: AbortSignal,
  progress: (share: number) => void,
): Promise<Answer> {
  const large = body.size >= ASKED_FROM_BYTES;
  const asked = large ? await deliver(url, new Blob(), { "mifeng-file-bytes": `${body.size}` }, language, signal, () => {}) : undefined;
  if (large && !asked) return undefined;
  const first = asked?.body["challenge"] ? asked : await deliver(url, body, {}, language, signal, progress);
  if (!first?.body["challenge"] || signal.aborted) return first;
  const proof = await prove(first.body["challenge"], first.body["proof_bits"]);
  return deliver(url, body, { "mifeng-proof": proof }, language, signal, progress);
}

function deliver(
  url: string,
  body: Blob,
  headers: Record<string, string>,
  language: string,
  signal: AbortSignal,
  progress: (share: number) => void,
): Promise<Answer> {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const wait = () => {
      clearTimeout(timer);
      timer = setTimeout(() => request.abort(), PATIENCE_MS);
    };
    request.open("POST", url);
    request.responseType = "json";
    request.setRequestHeader("content-type", "application/octet-stream");
    request.setRequestHeader("accept-language", language);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = (event) => {
      wait();
      if (event.total > 0) progress(event.loaded / event.total);
    };
    request.onloadend = () => {
      clearTimeout(timer);
      const answer: unknown = request.status === 204 ? {} : request.response;
      const told = typeof answer === "object" && answer !== null;
      resolve(told ? { status: request.status, body: answer as Record<string, unknown> } : undefined);
    };
    signal.addEventListener("abort", () => request.abort());
    wait();
    request.send(body);
  });
}
