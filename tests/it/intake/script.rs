//! The script of the pages: what is served is what is built from the sources, is checked, tested and small.

use super::Intake;
use crate::support::script;
use std::path::Path;

const SCRIPTS: [&str; 6] = [
    "public.js",
    "shared.js",
    "code.js",
    "write.js",
    "check.js",
    "files.js",
];

/// Everything that runs, in bytes. Half of it is read only by who chooses a file: it follows packed pixels to their end.
const MAX_BYTES: usize = 136 * 1024;
/// The same, each file packed as intake packs it.
const MAX_GZIP_BYTES: usize = 52 * 1024;
/// The form with its style and everything that runs on it, compressed.
const FORM_MAX_GZIP_BYTES: usize = 55 * 1024;

/// Code from text, and places where something would stay or go elsewhere.
const FORBIDDEN: [&str; 10] = [
    "eval(",
    "Function(",
    "innerHTML",
    "WebAssembly",
    "localStorage",
    "sessionStorage",
    "indexedDB",
    ".cookie",
    "pushState",
    "://",
];

fn gzip_bytes(content: &[u8]) -> usize {
    let program = "let all=[];process.stdin.on('data',c=>all.push(c)).on('end',()=>console.log(\
                   require('zlib').gzipSync(Buffer.concat(all), {level: 9}).length))";
    let text = std::str::from_utf8(content).expect("text");
    let output = script::run("node", &["-e", program], text);
    let printed = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    printed.parse().expect("a number")
}

#[test]
fn what_is_served_is_what_is_built() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let built = folder.path().to_str().expect("a plain path");
    script::run("node", &["build.mjs", built], "");
    let served = script::folder().join("../assets");
    for name in SCRIPTS.iter().chain(&["licences.txt"]) {
        let read = |folder: &Path| std::fs::read(folder.join(name)).expect("a built file");
        assert!(
            read(folder.path()) == read(&served),
            "{name} is not built from its sources: run `node build.mjs`"
        );
    }
}

#[test]
fn the_script_is_checked_and_does_what_it_says() {
    script::run("node_modules/.bin/tsc", &["--noEmit"], "");
    script::run("node", &["test.mjs"], "");
}

#[tokio::test]
async fn everything_that_runs_is_small_and_needs_no_exception() {
    let intake = Intake::unlimited().await;
    let anonymous = intake.anonymous();
    let (mut bytes, mut gzip) = (0, 0);
    for name in SCRIPTS {
        let answer = anonymous.get(&format!("/assets/{name}")).await;
        assert_eq!(answer.status, 200, "{name}");
        // Two look like addresses, but are the names of a kind of picture and of a segment in photos.
        let text = answer.text.replace("http://www.w3.org/2000/svg", "");
        let text = text.replace("http://ns.adobe.com/x", "");
        for word in FORBIDDEN {
            assert!(!text.contains(word), "{name} has {word}");
        }
        bytes += answer.text.len();
        gzip += gzip_bytes(answer.text.as_bytes());
    }
    println!("everything that runs: {bytes} bytes, {gzip} compressed");
    assert!(bytes <= MAX_BYTES, "{bytes}");
    assert!(gzip <= MAX_GZIP_BYTES, "{gzip}");

    let mut form = 0;
    for path in [
        "/qingxi/zh-Hans/write",
        "/assets/public.css",
        "/assets/write.js",
        "/assets/shared.js",
        "/assets/code.js",
        "/assets/seal.svg",
    ] {
        form += gzip_bytes(anonymous.get(path).await.text.as_bytes());
    }
    println!("the form with all it loads: {form} compressed");
    assert!(form <= FORM_MAX_GZIP_BYTES, "{form}");
    let licences = anonymous.get("/assets/licences.txt").await;
    for name in ["age-encryption", "@noble/ciphers"] {
        assert!(licences.text.contains(name), "{name}");
    }
    let policy = anonymous.get("/qingxi/en/write").await;
    let policy = policy.header("content-security-policy");
    assert!(policy.contains("require-trusted-types-for 'script'; trusted-types 'none'"));
    intake.stop().await;
}
