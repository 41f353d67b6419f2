//! The intake binary cannot open: what opens is not in it. The same look finds it in the triage binary.

use std::path::Path;
use std::process::Command;

/// Parts of demangled symbols that belong to opening.
const OPENING_SYMBOLS: [&str; 4] = [
    "mifeng_opening",
    "mifeng_triage",
    "scrypt::Identity as age",
    "x25519::Identity as age",
];

/// How a private key begins in text: whoever reads or writes one has this in the binary.
const SECRET_PREFIX: &[u8] = b"AGE-SECRET-KEY-";

fn found_in(binary: &Path) -> Vec<&'static str> {
    let output = Command::new("nm")
        .arg("-C")
        .arg(binary)
        .output()
        .expect("nm runs: `make test` installs binutils");
    assert!(output.status.success());
    let symbols = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        symbols.contains("mifeng_foundation::"),
        "stripped: nothing can be told"
    );
    OPENING_SYMBOLS
        .into_iter()
        .filter(|part| symbols.contains(part))
        .collect()
}

/// Whether `text` stands in the binary elsewhere than in a script that it serves: browsers open mailboxes, with a code.
fn holds(binary: &Path, text: &[u8]) -> bool {
    let bytes = std::fs::read(binary).expect("just built");
    let scripts = served_scripts();
    let mut places = (0..bytes.len() - text.len()).filter(|at| {
        bytes[*at].eq_ignore_ascii_case(&text[0])
            && bytes[*at..*at + text.len()].eq_ignore_ascii_case(text)
    });
    places.any(|at| {
        let around = &bytes[at.saturating_sub(AROUND_BYTES)..at + text.len()];
        let is_it = |script: &Vec<u8>| script.windows(around.len()).any(|part| part == around);
        !scripts.iter().any(is_it)
    })
}

/// So many bytes before it tell a place in a script from any other.
const AROUND_BYTES: usize = 40;

fn served_scripts() -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/intake/web/assets");
    let entries = std::fs::read_dir(folder).expect("the folder of what is served");
    let paths = entries.map(|entry| entry.expect("an entry").path());
    let scripts = paths.filter(|path| path.extension().is_some_and(|it| it == "js"));
    scripts
        .map(|path| std::fs::read(path).expect("a script"))
        .collect()
}

#[test]
fn the_intake_binary_has_no_code_that_opens() {
    // A plain build of the whole workspace, as anybody would build what goes to the public host.
    let intake = Path::new(env!("CARGO_BIN_EXE_mifeng-intake"));
    assert_eq!(found_in(intake), [] as [&str; 0]);
    assert!(!holds(intake, SECRET_PREFIX));
}

#[test]
fn the_same_look_finds_opening_in_triage() {
    let triage = Path::new(env!("CARGO_BIN_EXE_mifeng-triage"));
    let found = found_in(triage);
    for part in OPENING_SYMBOLS {
        assert!(
            found.contains(&part),
            "{part} not found: the check is blind"
        );
    }
    assert!(holds(triage, SECRET_PREFIX));
}
