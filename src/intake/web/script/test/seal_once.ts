// For the Rust tests: reads `[{manifest, key, today, code, tip or said}, …]` and prints the requests that the page would
// send.
import { readFileSync } from "node:fs";
import { deriveMailbox } from "../src/mailbox";
import { verifyManifest } from "../src/manifest";
import { replyOf, type Said } from "../src/reply";
import { requestOf } from "../src/submission";
import { tidy, type Tip } from "../src/tip";

interface Task {
  manifest: string;
  key: string;
  today: string;
  code: string;
  tip?: Tip;
  said?: Said;
  addressee?: string;
}

/** The order in which the page writes them, whatever came over the pipe. */
const ORDER = ["kind", "after_days", "stopped", "treated_badly", "text", "messages"];

function inOrder(said: Said): Said {
  const fields = Object.entries(said).sort(([one], [other]) => ORDER.indexOf(one) - ORDER.indexOf(other));
  return Object.fromEntries(fields) as unknown as Said;
}

async function request({ manifest, key, today, code, tip, said, addressee }: Task): Promise<string> {
  const verified = await verifyManifest(manifest, key, today);
  if (tip) return requestOf({ ...tip, text: tidy(tip.text) }, verified, today, code);
  const readers = verified.readersCalled(addressee ?? verified.slug);
  if (!readers || !said) throw new Error("nobody to say it to");
  return replyOf(inOrder(said), [], verified.slug, readers, today, await deriveMailbox(code, verified.slug));
}

const requests: string[] = [];
for (const task of JSON.parse(readFileSync(0, "utf8")) as Task[]) requests.push(await request(task));
process.stdout.write(JSON.stringify(requests));
