//! The script in the page does what the service does: the same bytes and the same findings for every sample.

use super::samples::{Workshop, photos, run, samples_file};
use super::strip;
use std::path::Path;
use std::process::Command;

/// Strips each file whole and in pieces, and prints what was found.
const DRIVER: &str = r#"
import { readFileSync, writeFileSync } from "node:fs";
import { strip, Stripper } from "./metadata.mjs";
const told = {};
for (const name of process.argv.slice(2)) {
  const bytes = new Uint8Array(readFileSync(name));
  const whole = strip(bytes);
  const stripper = Stripper.for(bytes);
  const parts = [];
  for (let at = 0; at < bytes.length; at += 7) parts.push(...stripper.feed(bytes.subarray(at, at + 7)));
  const last = stripper.finish();
  const pieces = Buffer.concat([...parts, ...last.parts]);
  if (!pieces.equals(whole.bytes) || JSON.stringify(last.report) !== JSON.stringify(whole.report)) {
    throw new Error(`${name}: the size of the pieces made a difference`);
  }
  writeFileSync(`${name}.out`, whole.bytes);
  told[name] = whole.report;
}
process.stdout.write(JSON.stringify(told));
"#;

#[test]
fn the_script_finds_and_writes_the_same() {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/intake/web/script");
    let esbuild = script.join("node_modules/.bin/esbuild");
    assert!(
        esbuild.exists(),
        "npm packages are missing: npm ci --prefix src/intake/web/script"
    );
    let shop = Workshop::new();
    let samples = photos(&shop);
    let mut bundle = Command::new(esbuild);
    bundle.arg(script.join("src/metadata/index.ts")).args([
        "--bundle",
        "--format=esm",
        "--log-level=warning",
    ]);
    shop.write("metadata.mjs", &run(&mut bundle));
    shop.write("driver.mjs", DRIVER.as_bytes());
    let mut node = Command::new("node");
    node.current_dir(shop.path("")).arg("driver.mjs");
    for (name, _, file) in &samples {
        shop.write(name, file);
        node.arg(name);
    }
    let told: serde_json::Value = serde_json::from_slice(&run(&mut node)).expect("JSON");
    assert!(told == samples_file(), "{told:#}");
    for (name, kind, file) in &samples {
        let (expected, _) = strip(*kind, file);
        assert!(shop.read(&format!("{name}.out")) == expected, "{name}");
    }
}
