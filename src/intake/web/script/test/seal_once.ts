// For the Rust tests: reads `[{manifest, key, today, code, tip}, …]` and prints the requests that the page would send.
import { readFileSync } from "node:fs";
import { verifyManifest } from "../src/manifest";
import { requestOf } from "../src/submission";
import { tidy, type Tip } from "../src/tip";

interface Task {
  manifest: string;
  key: string;
  today: string;
  code: string;
  tip: Tip;
}

const tasks = JSON.parse(readFileSync(0, "utf8")) as Task[];
const requests: string[] = [];
for (const { manifest, key, today, code, tip } of tasks) {
  const verified = await verifyManifest(manifest, key, today);
  requests.push(await requestOf({ ...tip, text: tidy(tip.text) }, verified, today, code));
}
process.stdout.write(JSON.stringify(requests));
