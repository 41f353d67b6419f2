// One submission: made once, sent as often as it takes, stored once.
import { base64 } from "@scure/base";
import { deriveMailbox } from "./mailbox";
import type { Manifest } from "./manifest";
import { makeCode } from "./pickup_code";
import { seal } from "./seal";
import { contentOf, documentOf, type Tip } from "./tip";

/** Requests are filled up to a multiple of this, so that their length does not tell who is addressed. */
const REQUEST_STEP_BYTES = 1024;

/** How long an answer is waited for, in milliseconds: a phone on a poor line needs a while for a long tip. */
const PATIENCE_MS = 90_000;

export type Outcome =
  /** On disk. `earlier` if what is there is an earlier version of the same submission. */
  | { kind: "stored"; day: string; earlier: boolean }
  /** The server said no, in words to show. */
  | { kind: "refused"; title: string }
  /** No answer: it may have arrived or not. */
  | { kind: "unanswered" };

/** The request's body, in JSON. Everything of the tip in it is sealed. */
export async function requestOf(tip: Tip, manifest: Manifest, day: string, code: string): Promise<string> {
  const mailbox = await deriveMailbox(code, manifest.slug);
  const readers = manifest.readersOf(tip.category);
  const file = await seal(documentOf(tip, manifest.slug, day, mailbox), readers.recipients);
  const body = JSON.stringify({
    addressee: readers.addressee,
    lookup: mailbox.lookup,
    submission_tag: mailbox.submissionTag(contentOf(tip)),
    ciphertext: base64.encode(file),
  });
  return body.padEnd(Math.ceil(body.length / REQUEST_STEP_BYTES) * REQUEST_STEP_BYTES, " ");
}

export class Submission {
  readonly code = makeCode();
  private content = "";
  private body = "";
  private unanswered = false;

  constructor(
    private readonly url: string,
    private readonly manifest: Manifest,
    private readonly day: string,
    private readonly language: string,
  ) {}

  /** Whether something may lie on the server's disk without our knowing. */
  get mayBeStored(): boolean {
    return this.unanswered;
  }

  /** Seals, unless the same was sealed before. Throws where the browser cannot. */
  async prepare(tip: Tip): Promise<void> {
    const content = contentOf(tip);
    if (this.body !== "" && content === this.content) return;
    this.body = await requestOf(tip, this.manifest, this.day, this.code);
    this.content = content;
  }

  /** Sends what was prepared. The same lookup every time: what arrives twice is stored once. */
  async send(): Promise<Outcome> {
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), PATIENCE_MS);
    try {
      const response = await fetch(this.url, {
        method: "POST",
        headers: { "content-type": "application/json", "accept-language": this.language },
        body: this.body,
        cache: "no-store",
        credentials: "omit",
        referrerPolicy: "no-referrer",
        redirect: "error",
        signal: abort.signal,
      });
      return this.read(response.status, await response.json());
    } catch {
      this.unanswered = true;
      return { kind: "unanswered" };
    } finally {
      clearTimeout(timer);
    }
  }

  private read(status: number, answer: unknown): Outcome {
    const { received_day: day, title } = answer as { received_day?: unknown; title?: unknown };
    if (status === 201 && typeof day === "string") return { kind: "stored", day, earlier: false };
    // What was sent before its answer was lost had arrived, and was changed since.
    if (status === 409 && this.unanswered) return { kind: "stored", day: this.day, earlier: true };
    // A proxy's word about a server it did not reach says nothing of what that server did.
    if (typeof title !== "string" || status === 500) this.unanswered = true;
    return typeof title === "string" ? { kind: "refused", title } : { kind: "unanswered" };
  }
}
