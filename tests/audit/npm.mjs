// Advisories on the packages of a package-lock.json: by a report of `npm audit`, or by the snapshot beside this file.
//   node npm.mjs report FOLDER < report.json
//   node npm.mjs snapshot FOLDER SNAPSHOT.json
// The snapshot: { "date": "…", "packages": { NAME: [{ "id": "GHSA-…", "vulnerable": [["introduced", "fixed"], …] }] } }.
// A package that it does not know was not looked up, and fails.
import { readFileSync } from "node:fs";
import { join } from "node:path";

const [way, folder, snapshot] = process.argv.slice(2);
const wrong = way === "report" ? reported() : looked(JSON.parse(readFileSync(snapshot, "utf8")));
for (const line of wrong) console.error(`${folder}: ${line}`);
process.exit(wrong.length > 0 ? 1 : 0);

function reported() {
  const report = JSON.parse(readFileSync(0, "utf8"));
  return Object.values(report.vulnerabilities).map((found) => `${found.name} ${found.range}: ${found.severity}`);
}

function looked({ packages }) {
  const lock = JSON.parse(readFileSync(join(folder, "package-lock.json"), "utf8"));
  return Object.entries(lock.packages).flatMap(([path, { version }]) => {
    if (path === "") return [];
    const name = path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
    const known = packages[name];
    if (!known) return [`${name} was not looked up for the snapshot`];
    const hits = known.filter(({ vulnerable }) => vulnerable.some(([from, to]) => !before(version, from) && before(version, to)));
    return hits.map(({ id }) => `${name} ${version}: ${id}`);
  });
}

/** Whether version `a` comes before `b`, by numbers; nothing comes after an end that is not known. */
function before(a, b) {
  if (b === "") return true;
  const [left, right] = [a, b].map((version) => version.split(/[.+-]/).slice(0, 3).map(Number));
  for (let at = 0; at < 3; at += 1) {
    if (left[at] !== right[at]) return left[at] < right[at];
  }
  return false;
}
