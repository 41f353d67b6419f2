// Tries what the pages run, under node: `node test.mjs`. Bundled as for the browser, with the same parts left out.
import { build } from "esbuild";
import { spawnSync } from "node:child_process";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { options } from "./build.mjs";

const folder = await mkdtemp(join(tmpdir(), "mifeng-pages-"));
const entryPoints = (await readdir(join(options.absWorkingDir, "test")))
  .filter((name) => name.endsWith(".ts"))
  .map((name) => `test/${name}`);
await build({
  ...options,
  entryPoints,
  format: "esm",
  outExtension: { ".js": ".mjs" },
  outdir: folder,
  platform: "node",
  target: "node20",
  // CommonJS inside asks for it.
  banner: { js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);' },
});
const sealOnce = process.argv.includes("--seal");
const files = sealOnce
  ? [join(folder, "seal_once.mjs")]
  : ["--test", ...entryPoints.filter((name) => name.endsWith(".test.ts")).map((name) => join(folder, name.slice(5).replace(".ts", ".mjs")))];
const run = spawnSync(process.execPath, ["--no-warnings", ...files], {
  stdio: "inherit",
  env: { ...process.env, VECTORS: join(options.absWorkingDir, "../../../../tests/vectors") },
});
await rm(folder, { recursive: true });
process.exitCode = run.status ?? 1;
