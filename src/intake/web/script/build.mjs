// Writes what the browser runs: `node build.mjs [FOLDER]`, by default into ../assets. The same input gives the same
// bytes, so that anyone can build what is served and compare; a test does.
import { build } from "esbuild";
import { createHash } from "node:crypto";
import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const here = dirname(fileURLToPath(import.meta.url));

/** What age-encryption brings along and nothing here uses: seen from its files, put in its place. */
const ABSENT = /^(\.\/(armor|webauthn)\.js|@noble\/hashes\/scrypt\.js|@noble\/curves\/.*|@noble\/post-quantum\/.*)$/;

export const onlyWhatIsUsed = {
  name: "only-what-is-used",
  setup(build) {
    // Its X25519 falls back to arithmetic in JavaScript; ours is the browser's alone.
    build.onResolve({ filter: /^\.\/x25519\.js$/ }, ({ importer }) =>
      importer.includes("age-encryption") ? { path: join(here, "src/x25519.ts") } : undefined);
    build.onResolve({ filter: ABSENT }, (args) =>
      args.importer.includes("age-encryption") ? { path: join(here, "src/absent.ts") } : undefined);
  },
};

const BANNER = "/*! GPL-3.0-or-later, and /assets/licences.txt */";

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

/** One file for browsers that know no modules. */
async function classic(entry) {
  const result = await build({
    ...options,
    banner: { js: BANNER },
    entryPoints: [`src/${entry}.ts`],
    format: "iife",
    metafile: true,
    minify: true,
    target: "es2018",
    write: false,
  });
  return { files: [{ name: `${entry}.js`, text: result.outputFiles[0].text }], inputs: Object.keys(result.metafile.inputs) };
}

/** What several pages run: one file, `shared.js`, that every other one loads. */
const SHARED = [
  "age", "base", "ed25519", "files_field", "hash", "mailbox", "manifest", "page", "pickup_code", "post", "ready", "seal",
  "size_class", "tip", "told", "x25519",
];
/** What one page's file has for another's: `files.js` is loaded when someone chooses a file. */
const OWN_FILE = { code_view: "code", files: "files" };

/** What of each shared file the pages' own files use. */
async function usedNames() {
  const used = new Map(SHARED.map((file) => [file, new Set()]));
  const folder = join(here, "src");
  for (const name of (await readdir(folder)).filter((name) => !SHARED.includes(basename(name, ".ts")) && name.endsWith(".ts"))) {
    const text = await readFile(join(folder, name), "utf8");
    for (const [, list, file] of text.matchAll(/^import \{([^}]*)\} from "\.\/(\w+)";$/gm)) {
      // Types are nobody's at run time.
      const names = list.split(",").map((one) => one.trim()).filter((one) => !one.startsWith("type "));
      names.forEach((one) => used.get(file)?.add(one));
    }
  }
  return SHARED.map((file) => [...used.get(file)].sort());
}

/** Modules for pages that seal and open. */
async function modules(entries) {
  const names = await usedNames();
  // Short names between our own files: long ones cost as much as the code behind some. Made of the long ones, so that a
  // page's file from before an update, which a browser may still keep, never takes one thing of the new shared file
  // for another: it does not load, and the form works as without scripts.
  const short = new Map(names.flat().map((name) => [name, `_${createHash("sha256").update(name).digest("hex").slice(0, 3)}`]));
  if (new Set(short.values()).size !== short.size) throw new Error("two names have one short name");
  if (short.size !== names.flat().length) throw new Error("two shared files export one name");
  const list = (of) => of.map((name) => `${name} as ${short.get(name)}`).join(",");
  const shared = SHARED.map((file, at) => `export {${list(names[at])}} from "./${file}"`).join(";");
  const stubs = new Map(SHARED.map((file, at) =>
    [file, `export {${names[at].map((name) => `${short.get(name)} as ${name}`).join(",")}} from "./shared.js"`]));
  const elsewhere = {
    name: "elsewhere",
    setup(build) {
      build.onResolve({ filter: /^\.{1,2}\/[a-z_0-9]+$/ }, ({ path, importer, kind }) => {
        const file = basename(path);
        if (stubs.has(file)) return { path: file, namespace: "shared" };
        const own = OWN_FILE[file];
        return own && !importer.endsWith(`/${own}.ts`) && kind !== "entry-point" ? { path: `./${own}.js`, external: true } : undefined;
      });
      build.onResolve({ filter: /^\.\/shared\.js$/ }, ({ path }) => ({ path, external: true }));
      build.onLoad({ filter: /.*/, namespace: "shared" }, ({ path }) => ({ contents: stubs.get(path), loader: "js" }));
    },
  };
  const common = {
    ...options, format: "esm", metafile: true, minify: true, target: "es2020", write: false,
  };
  const results = await Promise.all([
    // Whoever loads any of the others loads this one.
    build({ ...common, banner: { js: BANNER }, plugins: [onlyWhatIsUsed, away("files")], stdin: { contents: shared, resolveDir: join(here, "src") } }),
    ...entries.map((entry) => build({ ...common, entryPoints: [`src/${entry}.ts`], plugins: [elsewhere, onlyWhatIsUsed] })),
  ]);
  return {
    files: results.map(({ outputFiles: [file] }, at) => ({ name: `${["shared", ...entries][at]}.js`, text: file.text })),
    inputs: results.flatMap(({ metafile }) => Object.keys(metafile.inputs)),
  };
}

/** A file that is loaded later, seen from those that all pages share. */
function away(name) {
  return {
    name: "away",
    setup(build) {
      build.onResolve({ filter: new RegExp(`^\\./${name}$`) }, () => ({ path: `./${name}.js`, external: true }));
    },
  };
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
  const bundles = await Promise.all([classic("public"), modules(["check", "code", "files", "write"])]);
  await mkdir(folder, { recursive: true });
  for (const { name, text } of bundles.flatMap(({ files }) => files)) await writeFile(join(folder, name), text);
  await writeFile(join(folder, "licences.txt"), await licences(bundles));
}
