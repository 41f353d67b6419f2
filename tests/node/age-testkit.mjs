// Prints the public age test kit as one JSON array, for the Rust tests: the package is a module of byte arrays,
// some of them compressed, and what unpacks both is at hand here.
import { inflateSync } from "node:zlib";
import * as kit from "cctv-age";

const vectors = Object.entries(kit).map(([name, bytes]) => {
  const whole = Buffer.from(bytes);
  const end = whole.indexOf("\n\n");
  const fields = { identity: [], passphrase: [] };
  for (const line of whole.subarray(0, end).toString("utf8").split("\n")) {
    const [key, value] = line.split(/: (.*)/s);
    if (Array.isArray(fields[key])) fields[key].push(value);
    else fields[key] = value;
  }
  const body = whole.subarray(end + 2);
  const file = fields.compressed === "zlib" ? inflateSync(body) : body;
  return {
    name,
    expect: fields.expect,
    payload: fields.payload ?? null,
    identities: fields.identity,
    passphrases: fields.passphrase,
    armored: fields.armored === "yes",
    file: file.toString("base64"),
  };
});
process.stdout.write(JSON.stringify(vectors));
