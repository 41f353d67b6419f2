// Writes what the browser runs: `node build.mjs [FOLDER]`, by default into ../assets. The same input gives the same
// bytes, so that anyone can build what is served and compare; a test does.
import { build } from "esbuild";
import { readFile, writeFile, mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));

/** What age-encryption brings along and nothing here uses: seen from its files, put in its place. */
const ABSENT = /^(\.\/(armor|webauthn)\.js|@noble\/hashes\/scrypt\.js|@noble\/curves\/.*|@noble\/post-quantum\/.*)$/;

export const onlyWhatIsUsed = {
  name: "only-what-is-used",
  setup(build) {
    build.onResolve({ filter: ABSENT }, (args) =>
      args.importer.includes("age-encryption") ? { path: join(here, "src/absent.ts") } : undefined);
  },
};

const BANNER = "/*! Mifeng, GPL-3.0-or-later. Licences of what is inside: /assets/licences.txt */";

export const options = {
  absWorkingDir: here,
  bundle: true,
  charset: "utf8",
  legalComments: "none",
  logLevel: "warning",
  plugins: [onlyWhatIsUsed],
  // Older browsers cannot seal here anyway, and run public.js or nothing.
  target: "es2020",
  treeShaking: true,
};

async function bundle(entry, format, target) {
  const result = await build({
    ...options,
    banner: { js: BANNER },
    entryPoints: [`src/${entry}.ts`],
    format,
    metafile: true,
    minify: true,
    target,
    write: false,
  });
  const [file] = result.outputFiles;
  return { name: `${entry}.js`, text: file.text, inputs: Object.keys(result.metafile.inputs) };
}

/** The licence of each package of which something is inside. */
async function licences(bundles) {
  const packages = new Set(bundles.flatMap(({ inputs }) => inputs)
    .map((input) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1])
    .filter(Boolean));
  const texts = ["Mifeng: GPL-3.0-or-later.\nThe scripts of its pages contain parts of these packages."];
  for (const name of [...packages].sort()) {
    const folder = join(here, "node_modules", name);
    const { version, license } = JSON.parse(await readFile(join(folder, "package.json"), "utf8"));
    const text = await readFile(join(folder, "LICENSE"), "utf8");
    texts.push(`${name} ${version} (${license})\n\n${text.trim()}`);
  }
  return `${texts.join(`\n\n${"-".repeat(78)}\n\n`)}\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const folder = process.argv[2] ?? join(here, "../assets");
  const bundles = await Promise.all([
    bundle("public", "iife", "es2018"),
    bundle("code", "iife", "es2018"),
    bundle("write", "esm", "es2020"),
  ]);
  await mkdir(folder, { recursive: true });
  for (const { name, text } of bundles) await writeFile(join(folder, name), text);
  await writeFile(join(folder, "licences.txt"), await licences(bundles));
}
