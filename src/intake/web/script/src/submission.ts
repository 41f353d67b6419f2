// One submission: made once, sent as often as it takes, stored once.
import { base64 } from "./base";
import { deriveMailbox } from "./mailbox";
import type { Manifest } from "./manifest";
import { makeCode } from "./pickup_code";
import { filled, post } from "./post";
import { seal } from "./seal";
import { contentOf, documentOf, type Tip } from "./tip";

export type Outcome =
  /** On disk. `earlier` if what is there is an earlier version of the same submission. */
  | { kind: "stored"; day: string; earlier: boolean }
  /** The server said no, in words to show; `type` is the end of the problem's name. */
  | { kind: "refused"; title: string; type: string }
  /** No answer: it may have arrived or not. */
  | { kind: "unanswered" };

/** The request's body, in JSON. Everything of the tip in it is sealed. */
export async function requestOf(tip: Tip, manifest: Manifest, day: string, code: string): Promise<string> {
  const mailbox = await deriveMailbox(code, manifest.slug);
  const readers = manifest.readersOf(tip.category, tip.onlyAbove);
  const file = await seal(documentOf(tip, manifest.slug, day, mailbox), readers.recipients);
  return filled({
    addressee: readers.addressee,
    lookup: mailbox.lookup,
    submission_tag: mailbox.submissionTag(contentOf(tip)),
    ciphertext: base64.encode(file),
    opened_key: mailbox.openedKey,
    attachments: (tip.attachments ?? []).map((attachment) => attachment.id),
  });
}

export class Submission {
  readonly code = makeCode();
  private content = "";
  private ids = "";
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
    const ids = (tip.attachments ?? []).map((attachment) => attachment.id).join();
    if (this.body !== "" && content === this.content && ids === this.ids) return;
    this.body = await requestOf(tip, this.manifest, this.day, this.code);
    this.content = content;
    this.ids = ids;
  }

  /** Sends what was prepared. The same lookup every time: what arrives twice is stored once. */
  async send(): Promise<Outcome> {
    const answer = await post(this.url, this.body, this.language);
    if (answer) return this.read(answer.status, answer.body);
    this.unanswered = true;
    return { kind: "unanswered" };
  }

  private read(status: number, answer: Record<string, unknown>): Outcome {
    const { received_day: day, title, type } = answer;
    if (status === 201 && typeof day === "string") return { kind: "stored", day, earlier: false };
    // What was sent before its answer was lost had arrived, and was changed since.
    if (status === 409 && this.unanswered) return { kind: "stored", day: this.day, earlier: true };
    // A proxy's word about a server it did not reach says nothing of what that server did.
    if (typeof title !== "string" || status === 500) this.unanswered = true;
    return typeof title === "string" ? { kind: "refused", title, type: String(type).replace(/.*:/, "") } : { kind: "unanswered" };
  }
}
