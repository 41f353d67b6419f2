//! The script in the page does what the service does: the same bytes and the same findings for every sample, and for every
//! sample taken apart and put together wrongly.

use super::mutated_photos::{Jpeg, Png, WebP};
use super::mutation::{Anatomy, Dice, cases, mutated, outcome};
use super::samples::{Workshop, case, photos, run, samples_file};
use super::unseen_in_png::png;
use super::{found, strip};
use mifeng_sealing::tip::FileKind;
use serde_json::{Value, json};
use std::path::Path;
use std::process::Command;

/// Strips each file whole and in pieces, and prints what was found.
const DRIVER: &str = r#"
import { readFileSync, writeFileSync } from "node:fs";
import { strip, Stripper } from "./metadata.mjs";
const told = {};
for (const name of JSON.parse(readFileSync("names.json"))) {
  const bytes = new Uint8Array(readFileSync(name));
  const whole = strip(bytes);
  if (whole === null) continue;
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

/// What the script says of each file, which it has written beside it.
fn script(shop: &Workshop, files: &[(String, FileKind, Vec<u8>)]) -> Value {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/intake/web/script");
    let esbuild = script.join("node_modules/.bin/esbuild");
    assert!(
        esbuild.exists(),
        "npm packages are missing: npm ci --prefix src/intake/web/script"
    );
    let mut bundle = Command::new(esbuild);
    bundle.arg(script.join("src/metadata/index.ts")).args([
        "--bundle",
        "--format=esm",
        "--log-level=warning",
    ]);
    shop.write("metadata.mjs", &run(&mut bundle));
    shop.write("driver.mjs", DRIVER.as_bytes());
    let names: Vec<&String> = files.iter().map(|(name, ..)| name).collect();
    shop.write("names.json", json!(names).to_string().as_bytes());
    for (name, _, file) in files {
        shop.write(name, file);
    }
    let mut node = Command::new("node");
    node.current_dir(shop.path("")).arg("driver.mjs");
    serde_json::from_slice(&run(&mut node)).expect("JSON")
}

#[test]
fn the_script_finds_and_writes_the_same() {
    let shop = Workshop::new();
    let samples = photos(&shop).into_iter();
    let samples: Vec<_> = samples
        .map(|(name, kind, file)| (name.to_owned(), kind, file))
        .collect();
    let mut told = script(&shop, &samples);
    for report in told.as_object_mut().expect("an object").values_mut() {
        report.as_object_mut().expect("a report").remove("left");
    }
    assert!(told == samples_file(), "{told:#}");
    for (name, kind, file) in &samples {
        let (expected, _) = strip(*kind, file);
        assert!(shop.read(&format!("{name}.out")) == expected, "{name}");
    }
}

#[test]
fn the_script_does_the_same_with_files_that_are_put_together_wrongly() {
    let shop = Workshop::new();
    let samples = photos(&shop)
        .into_iter()
        .filter(|(name, ..)| name.starts_with('p'));
    let samples = samples.map(|(_, kind, file)| (kind, file));
    let more =
        ["progressive.jpg", "restarts.jpg", "gray.jpg"].map(|name| (FileKind::Jpeg, case(name)));
    let samples: Vec<_> = samples.chain(more).collect();
    let count = cases(600).min(5_000);
    let between = (0..count / 2).map(|number| {
        let (file, _) = png(&mut Dice::of(number));
        (format!("between-{number}"), FileKind::Png, file)
    });
    let files: Vec<_> = (0..count)
        .map(|number| {
            let mut dice = Dice::of(number);
            let (kind, file) = dice.one_of(&samples).clone();
            let anatomy: &dyn Anatomy = match kind {
                FileKind::Jpeg => &Jpeg,
                FileKind::Png => &Png,
                _ => &WebP,
            };
            let file = mutated(anatomy, &file, &mut dice);
            (format!("mutated-{number}"), kind, file)
        })
        .chain(between)
        .collect();
    let told = script(&shop, &files);
    for (name, kind, file) in &files {
        // What does not begin as its kind is nobody's in the page.
        if told[name].is_null() {
            continue;
        }
        let (expected, report) = strip(*kind, file);
        let left = report.found.iter().filter(|finding| !finding.removed);
        let left: Vec<_> = left.map(|finding| finding.what.key()).collect();
        let same = json!({"found": found(&report), "left": left, "outcome": outcome(&report)});
        assert_eq!(told[name], same, "{name} {kind:?}");
        assert!(
            shop.read(&format!("{name}.out")) == expected,
            "{name} {kind:?}"
        );
    }
}
