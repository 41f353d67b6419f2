// Sends one file, and says how far it is: what `fetch` cannot yet do in every browser.

/** How long a line may be still before it counts as lost, in milliseconds. */
const PATIENCE_MS = 90_000;

/** The answer; `undefined` if none came. */
export type Answer = { status: number; body: Record<string, unknown> } | undefined;

export function send(
  url: string,
  body: Blob,
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
    request.upload.onprogress = (event) => {
      wait();
      if (event.total > 0) progress(event.loaded / event.total);
    };
    request.onloadend = () => {
      clearTimeout(timer);
      const answer: unknown = request.response;
      const told = typeof answer === "object" && answer !== null;
      resolve(told ? { status: request.status, body: answer as Record<string, unknown> } : undefined);
    };
    signal.addEventListener("abort", () => request.abort());
    wait();
    request.send(body);
  });
}
