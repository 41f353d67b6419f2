//! What an office begins with: keys and a manifest, settings of both services, accounts.

use mifeng_foundation::clock::{Clock as _, ManualClock};
use mifeng_foundation::entropy::{SystemEntropy, random_id};
use mifeng_operator::{KeyFiles, OfficeDetails, check_manifest, init_keys, sign_manifest_file};
use mifeng_sealing::{Contact, ParentOffice};
use mifeng_triage::engine::open_stores;
use mifeng_triage::model::{Member, MemberId, Role};
use mifeng_triage::staff::Passwords;
use std::path::Path;
use std::sync::Arc;

/// Password of every account that the harness makes.
pub const PASSWORD: &str = "twelve green bottles";

/// Login, role, unit, recused school.
pub(super) const STAFF: [(&str, Role, Option<&str>, Option<&str>); 7] = [
    ("dispatcher", Role::Dispatcher, None, None),
    ("investigator", Role::Investigator, Some("dudao"), None),
    ("other", Role::Investigator, Some("jijiao"), None),
    ("supervisor", Role::Supervisor, None, None),
    ("principal", Role::Supervisor, None, Some("qx-1z")),
    ("administrator", Role::Administrator, None, None),
    ("auditor", Role::Auditor, None, None),
];

/// The office above, in a folder of its own.
pub(super) fn sealed_above(dir: &Path, clock: &ManualClock) -> KeyFiles {
    std::fs::create_dir_all(dir).expect("our own folder");
    sealed_office(dir, "heyuan", None, clock)
}

pub(super) fn parent_of(dir: &Path, keys: &KeyFiles, clock: &ManualClock) -> ParentOffice {
    let manifest = dir.join("manifest");
    let manifest = check_manifest(&manifest, &public_key(keys), clock).expect("a manifest");
    ParentOffice {
        slug: manifest.slug().to_owned(),
        name_zh: "河源市教育局".to_owned(),
        name_en: "Heyuan Education Bureau".to_owned(),
        recipients: manifest.body().recipients.clone(),
    }
}

pub(super) fn sealed_office(
    dir: &Path,
    slug: &str,
    parent: Option<ParentOffice>,
    clock: &ManualClock,
) -> KeyFiles {
    let today = clock.today(&crate::support::office_zone());
    let details = OfficeDetails {
        slug: slug.to_owned(),
        name_zh: "青溪县教育和科学技术局".to_owned(),
        name_en: "Qingxi Bureau".to_owned(),
        time_zone: "Asia/Shanghai".to_owned(),
        today,
        not_after: today.plus_days(365),
        parent,
        contact: Contact {
            quick_exit_url: "https://weather.example/".to_owned(),
            ..Contact::default()
        },
        relay_hosts: vec!["127.0.0.1".to_owned()],
    };
    let keys = init_keys(&dir.join("keys"), &details, PASSWORD.into(), &SystemEntropy);
    let keys = keys.expect("keys");
    sign_manifest_file(
        &keys.manifest_body,
        &keys.manifest_signing_key,
        &dir.join("manifest"),
        clock,
    )
    .expect("a manifest");
    std::fs::write(dir.join("passphrase"), PASSWORD).expect("our own folder");
    let rules = include_str!("../../../deploy/routing.toml");
    std::fs::write(dir.join("routing.toml"), rules).expect("our own folder");
    keys
}

fn public_key(keys: &KeyFiles) -> String {
    let text = std::fs::read_to_string(&keys.manifest_public_key).expect("a key");
    text.trim().to_owned()
}

pub(super) fn intake_toml(dir: &Path, keys: &KeyFiles, url: &str) -> String {
    format!(
        "store_url = '{url}'\n\
         [public]\naddress = '127.0.0.1:0'\n[relay]\naddress = '127.0.0.1:0'\n\
         [limits]\nenabled = false\n{}",
        office_toml(dir, keys),
    )
}

pub(super) fn office_toml(dir: &Path, keys: &KeyFiles) -> String {
    format!(
        "[[office]]\nmanifest_file = '{dir}/manifest'\nmanifest_public_key = '{key}'\n\
         relay_token_file = '{token}'\n",
        dir = dir.display(),
        key = public_key(keys),
        token = keys.relay_token.display(),
    )
}

pub(super) fn triage_toml(dir: &Path, keys: &KeyFiles, url: &str, relay: &str) -> String {
    format!(
        "store_url = '{url}'\noffice_identity_file = '{identity}'\npassphrase_file = '{dir}/passphrase'\n\
         manifest_file = '{dir}/manifest'\nmanifest_public_key = '{key}'\n\
         routing_file = '{dir}/routing.toml'\nrelease = 'at-once'\n\
         [listen]\naddress = '127.0.0.1:0'\n\
         [relay]\nurl = 'http://{relay}'\ntoken_file = '{token}'\npoll_interval_s = 1\n",
        dir = dir.display(),
        identity = keys.office_identity.display(),
        key = public_key(keys),
        token = keys.relay_token.display(),
    )
}

pub async fn add_accounts(url: &str) {
    let stores = open_stores(&url.parse().expect("a URL")).await;
    let store = stores.expect("a store").staff;
    let passwords = Passwords::new(Arc::new(SystemEntropy)).expect("hashing works");
    for (login, role, unit, school) in STAFF {
        let member = Member {
            id: MemberId(random_id(&SystemEntropy)),
            login: login.to_owned(),
            name: format!("name of {login}"),
            role,
            unit: unit.map(str::to_owned),
            email: String::new(),
            recused_schools: school.into_iter().map(str::to_owned).collect(),
            recused_names: Vec::new(),
            active: true,
            recipient: None,
            confirmed: true,
            leave: None,
            skills: Vec::new(),
            titles: Vec::new(),
        };
        let chosen = passwords.choose(PASSWORD.to_owned().into(), None).await;
        let chosen = chosen.expect("credentials");
        assert!(store.add(&member, &chosen).await.expect("stored"));
    }
}
