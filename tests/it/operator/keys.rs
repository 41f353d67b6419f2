//! `mifeng keys init`, `mifeng manifest sign` and `mifeng manifest check`.

use super::{mifeng_ok, mifeng_refuses};
use mifeng_opening::OfficeIdentityFile;
use mifeng_sealing::{HelpLine, ManifestBody};
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

const PASSPHRASE: &str = "correct horse battery staple";

fn init(folder: &Path, slug: &str, more: &[&str]) -> String {
    fs::write(folder.join("passphrase"), PASSPHRASE).expect("a passphrase file");
    let mut arguments = vec![
        "keys",
        "init",
        "--dir",
        slug,
        "--office",
        slug,
        "--name-zh",
        "某局",
        "--name-en",
        "A bureau",
        "--passphrase-file",
        "passphrase",
    ];
    arguments.extend(more);
    mifeng_ok(folder, &arguments)
}

fn sign(folder: &Path, slug: &str) -> String {
    let body = format!("{slug}/manifest-body.toml");
    let key = format!("{slug}/manifest-signing.key");
    let out = format!("{slug}.manifest");
    mifeng_ok(
        folder,
        &[
            "manifest", "sign", "--body", &body, "--key", &key, "--out", &out,
        ],
    )
}

fn check_arguments<'a>(file: &'a str, key: &'a str) -> [&'a str; 6] {
    ["manifest", "check", "--file", file, "--key", key]
}

#[test]
fn keys_are_made_signed_and_checked() {
    let folder = tempfile::tempdir().expect("a folder");
    init(folder.path(), "north", &[]);
    let identity = fs::read(folder.path().join("north/office-identity.age")).expect("the identity");
    let identity = OfficeIdentityFile::from_bytes(identity)
        .unlock(PASSPHRASE.into())
        .expect("the passphrase it was locked with");
    let body =
        fs::read_to_string(folder.path().join("north/manifest-body.toml")).expect("the body");
    let body: ManifestBody = toml::from_str(&body).expect("a manifest body");
    assert_eq!(body.recipients, [identity.recipient()]);

    let signed = sign(folder.path(), "north");
    let checked = mifeng_ok(
        folder.path(),
        &check_arguments("north.manifest", "north/manifest-signing.pub"),
    );
    assert_eq!(signed, checked);
    assert!(checked.contains("fingerprint"), "{checked}");
}

#[test]
fn secrets_are_their_owners_alone_and_never_overwritten() {
    let folder = tempfile::tempdir().expect("a folder");
    init(folder.path(), "north", &[]);
    for secret in [
        "office-identity.age",
        "manifest-signing.key",
        "relay-client.key",
        "relay-server.key",
        "relay.token",
    ] {
        let path = folder.path().join("north").join(secret);
        let mode = fs::metadata(&path).expect(secret).permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{secret}");
    }
    let before = fs::read(folder.path().join("north/office-identity.age")).expect("the identity");
    let why = mifeng_refuses(
        folder.path(),
        &[
            "keys",
            "init",
            "--dir",
            "north",
            "--office",
            "north",
            "--name-zh",
            "某局",
            "--name-en",
            "A bureau",
            "--passphrase-file",
            "passphrase",
        ],
    );
    assert!(why.contains("nothing was overwritten"), "{why}");
    let after = fs::read(folder.path().join("north/office-identity.age")).expect("the identity");
    assert_eq!(before, after);
}

/// The office "city" above.
const UNDER_CITY: [&str; 4] = [
    "--parent-manifest",
    "city.manifest",
    "--parent-key",
    "city/manifest-signing.pub",
];

#[test]
fn parent_comes_from_its_checked_manifest() {
    let folder = tempfile::tempdir().expect("a folder");
    init(folder.path(), "city", &[]);
    sign(folder.path(), "city");
    init(folder.path(), "county", &UNDER_CITY);
    sign(folder.path(), "county");
    let county =
        fs::read_to_string(folder.path().join("county/manifest-body.toml")).expect("the body");
    let county: ManifestBody = toml::from_str(&county).expect("a manifest body");
    let city = fs::read_to_string(folder.path().join("city/manifest-body.toml")).expect("the body");
    let city: ManifestBody = toml::from_str(&city).expect("a manifest body");
    assert_eq!(county.parent.expect("a parent").recipients, city.recipients);
}

/// Changes a manifest body in its folder.
fn edit(folder: &Path, slug: &str, change: impl FnOnce(&mut ManifestBody)) -> ManifestBody {
    let path = folder.join(slug).join("manifest-body.toml");
    let body = fs::read_to_string(&path).expect("the body");
    let mut body = toml::from_str(&body).expect("a manifest body");
    change(&mut body);
    fs::write(&path, toml::to_string(&body).expect("a body is TOML")).expect("the body");
    body
}

#[test]
fn words_missing_in_a_language_are_named_where_they_belong() {
    let folder = tempfile::tempdir().expect("a folder");
    init(folder.path(), "city", &[]);
    let missing = |place: &str| format!("pages show another language's: {place}\n");
    let told = sign(folder.path(), "city");
    let name = missing("zh-Hant: contact.in_language.zh-Hant.name");
    assert!(told.ends_with(&name), "{told}");
    edit(folder.path(), "city", |body| {
        let own = body.contact.in_language.get_mut("zh-Hant");
        "某市局".clone_into(&mut own.expect("a place to fill in").name);
    });
    let told = sign(folder.path(), "city");
    assert!(!told.contains("missing"), "{told}");

    init(folder.path(), "county", &UNDER_CITY);
    edit(folder.path(), "county", |body| {
        let own = body.contact.in_language.get_mut("zh-Hant");
        let own = own.expect("a place to fill in");
        assert_eq!(own.parent_name, "某市局", "as the parent calls itself");
        "某縣局".clone_into(&mut own.name);
        "工作日".clone_into(&mut body.contact.hours_zh);
        body.contact.help_lines.push(HelpLine {
            phone: "12355".to_owned(),
            name: [("zh-Hans".to_owned(), "热线".to_owned())].into(),
        });
    });
    let told = sign(folder.path(), "county");
    let hours = "zh-Hant: contact.in_language.zh-Hant.hours, the name of 12355 in zh-Hant";
    assert!(told.contains(&missing(hours)), "{told}");
    let hours = "en: contact.hours_en, the name of 12355 in en";
    assert!(told.ends_with(&missing(hours)), "{told}");
    assert_eq!(told.matches("missing").count(), 2, "{told}");
}

#[test]
fn manifests_by_others_altered_or_run_out_are_refused() {
    let folder = tempfile::tempdir().expect("a folder");
    init(folder.path(), "north", &[]);
    init(folder.path(), "south", &[]);
    sign(folder.path(), "north");
    let why = mifeng_refuses(
        folder.path(),
        &check_arguments("north.manifest", "south/manifest-signing.pub"),
    );
    assert!(why.contains("not by the trusted key"), "{why}");

    let file = fs::read_to_string(folder.path().join("north.manifest")).expect("the manifest");
    fs::write(folder.path().join("altered"), file.replace("某局", "他局")).expect("a copy");
    let why = mifeng_refuses(
        folder.path(),
        &check_arguments("altered", "north/manifest-signing.pub"),
    );
    assert!(why.contains("altered"), "{why}");

    let body =
        fs::read_to_string(folder.path().join("north/manifest-body.toml")).expect("the body");
    let mut body: ManifestBody = toml::from_str(&body).expect("a manifest body");
    body.not_after = "2020-01-31".parse().expect("a day");
    let body = toml::to_string(&body).expect("a body is TOML");
    fs::write(folder.path().join("north/manifest-body.toml"), body).expect("the body");
    let why = mifeng_refuses(
        folder.path(),
        &[
            "manifest",
            "sign",
            "--body",
            "north/manifest-body.toml",
            "--key",
            "north/manifest-signing.key",
            "--out",
            "old",
        ],
    );
    assert!(why.contains("ran out on 2020-01-31"), "{why}");
    assert!(!folder.path().join("old").exists());
}

#[test]
fn wrong_arguments_are_told_without_leaving_anything() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("empty"), "\n").expect("a file");
    let base = [
        "keys",
        "init",
        "--dir",
        "k",
        "--name-zh",
        "某局",
        "--name-en",
        "A",
    ];
    for (more, expected) in [
        (
            &["--office", "North!", "--passphrase-file", "passphrase"][..],
            "slug",
        ),
        (
            &["--office", "north", "--passphrase-file", "empty"],
            "empty",
        ),
        (
            &["--office", "north", "--passphrase-file", "absent"],
            "absent",
        ),
        (
            &[
                "--office",
                "north",
                "--passphrase-file",
                "passphrase",
                "--time-zone",
                "Nowhere/Never",
            ],
            "time zone",
        ),
        (
            &[
                "--office",
                "north",
                "--passphrase-file",
                "passphrase",
                "--relay-host",
                "not a host\u{e9}",
            ],
            "certificate",
        ),
    ] {
        fs::write(folder.path().join("passphrase"), PASSPHRASE).expect("a passphrase file");
        let why = mifeng_refuses(folder.path(), &[&base, more].concat());
        assert!(why.contains(expected), "{more:?}: {why}");
        assert!(!folder.path().join("k").exists(), "{more:?}");
    }
}

/// The number that a signed manifest tells.
fn serial_in(told: &str) -> u64 {
    let number = told.split("Serial number ").nth(1).expect("it is told");
    let number = number.split(':').next().expect("and ended");
    number.parse().expect("a number")
}

#[test]
fn each_manifest_that_replaces_another_has_a_higher_number() {
    let folder = tempfile::tempdir().expect("a folder");
    init(folder.path(), "north", &[]);
    assert_eq!(serial_in(&sign(folder.path(), "north")), 1);
    assert_eq!(
        serial_in(&sign(folder.path(), "north")),
        1,
        "it is the same one"
    );
    for expected in 2..5 {
        edit(folder.path(), "north", |body| {
            body.contact.phone = format!("0555-{expected}");
        });
        assert_eq!(serial_in(&sign(folder.path(), "north")), expected);
    }
    edit(folder.path(), "north", |body| body.serial = 40);
    assert_eq!(
        serial_in(&sign(folder.path(), "north")),
        40,
        "as the body says"
    );
}

#[test]
fn a_key_that_the_office_above_revoked_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    init(folder.path(), "city", &[]);
    sign(folder.path(), "city");
    init(folder.path(), "county", &UNDER_CITY);
    sign(folder.path(), "county");
    let mut arguments = check_arguments("county.manifest", "county/manifest-signing.pub").to_vec();
    arguments.extend([
        "--parent",
        "city.manifest",
        "--parent-key",
        "city/manifest-signing.pub",
    ]);
    let told = mifeng_ok(folder.path(), &arguments);
    assert!(told.contains("has revoked none of its keys"), "{told}");
    let key = fs::read_to_string(folder.path().join("county/manifest-signing.pub"));
    let key = key.expect("a key");
    edit(folder.path(), "city", |body| {
        body.revoked = vec![key.trim().parse().expect("a key")];
    });
    let told = sign(folder.path(), "city");
    assert!(told.contains("Revokes the key"), "{told}");
    let why = mifeng_refuses(folder.path(), &arguments);
    assert!(why.contains("the office city above has revoked"), "{why}");
}
