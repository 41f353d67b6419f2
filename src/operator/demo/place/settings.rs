//! The settings files of the demo's services.

use super::DemoOffice;
use std::path::Path;

/// A TOML string. Paths that are not Unicode do not get this far: the folder is named on the command line.
fn quoted(path: &Path) -> String {
    toml::Value::String(path.display().to_string()).to_string()
}

pub(super) fn intake_head(dir: &Path, port: u16, relay_port: u16, level: &str) -> String {
    let store = quoted(Path::new(&format!(
        "sqlite:{}",
        dir.join("intake.sqlite").display()
    )));
    format!(
        "store_url = {store}\nquota_bytes = 1073741824\npublic_url = \"http://127.0.0.1:{port}\"\n\n\
         [public]\naddress = \"127.0.0.1:{port}\"\n\n\
         [relay]\naddress = \"127.0.0.1:{relay_port}\"\n\n\
         # Everyone in the demo comes from one address.\n\
         [limits]\nrequests_per_minute = 60000\nburst = 10000\n\n\
         [log]\nlevel = \"{level}\"\nform = \"human\"\n"
    )
}

pub(super) fn intake_office(office: &DemoOffice) -> String {
    format!(
        "\n[[office]]\nmanifest_file = {}\nmanifest_public_key = \"{}\"\nrelay_token_file = {}\n",
        quoted(&office.manifest),
        office.public_key,
        quoted(&office.keys.relay_token),
    )
}

pub(super) fn triage_toml(dir: &Path, office: &DemoOffice, relay_port: u16, level: &str) -> String {
    let store = format!("sqlite:{}", office.folder.join("triage.sqlite").display());
    format!(
        "store_url = {store}\noffice_identity_file = {identity}\n\
         passphrase_file = {passphrase}\nmanifest_file = {manifest}\n\
         manifest_public_key = \"{public_key}\"\nrouting_file = {routing}\nrelease = \"at-once\"\n\n\
         [listen]\naddress = \"127.0.0.1:{port}\"\n\n\
         [relay]\nurl = \"http://127.0.0.1:{relay_port}\"\ntoken_file = {token}\npoll_interval_s = 1\n\n\
         [mail]\nfrom = \"Mifeng <mifeng@example.org>\"\ndigest_interval_s = 5\n\n\
         [mail.transport.folder]\npath = {mail}\n\n\
         [log]\nlevel = \"{level}\"\nform = \"human\"\n",
        mail = quoted(&office.folder.join("mail")),
        store = quoted(Path::new(&store)),
        identity = quoted(&office.keys.office_identity),
        passphrase = quoted(&office.folder.join("keys/passphrase")),
        manifest = quoted(&office.manifest),
        public_key = office.public_key,
        routing = quoted(&dir.join("routing.toml")),
        port = office.triage_port,
        token = quoted(&office.keys.relay_token),
    )
}
