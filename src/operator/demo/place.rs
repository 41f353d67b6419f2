//! The demo's folder: keys, signed manifests, configurations. Every secret in it is made anew for each demo.

use super::DemoOptions;
use crate::files::{make_folder, write_public, write_secret};
use crate::{KeyFiles, OfficeDetails, OperatorError, init_keys, sign_manifest_file};
use jiff::tz::TimeZone;
use mifeng_foundation::clock::{Clock, Day};
use mifeng_foundation::entropy::{Entropy, random_bytes};
use mifeng_sealing::{Contact, HelpLine, OfficeManifest, OwnWords, ParentOffice};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// Says that a folder was made by a demo and may be emptied by the next.
const MARKER: &str = ".mifeng-demo";

/// The sample rules, which both offices of the demo use.
const ROUTING: &str = include_str!("../../../deploy/routing.toml");

const ZONE: &str = "Asia/Shanghai";

/// One office of the demo.
pub struct DemoOffice {
    /// Its slug.
    pub slug: String,
    /// Where its keys are.
    pub keys: KeyFiles,
    /// Of its identity.
    pub passphrase: Zeroizing<String>,
    /// Its triage's address.
    pub triage_url: String,
    /// Its triage's configuration.
    pub triage_config: PathBuf,
    folder: PathBuf,
    manifest: PathBuf,
    public_key: String,
    triage_port: u16,
}

/// Everything on disk that the services need.
pub struct Place {
    /// The folder.
    pub dir: PathBuf,
    /// The public service's address.
    pub intake_url: String,
    /// Its configuration.
    pub intake_config: PathBuf,
    /// The county office.
    pub office: DemoOffice,
    /// The city office above it.
    pub parent: DemoOffice,
}

impl Place {
    /// Makes the folder with everything in it.
    pub fn make(
        options: &DemoOptions,
        clock: &dyn Clock,
        entropy: &dyn Entropy,
    ) -> Result<Self, OperatorError> {
        let (parent_port, relay_port) = ports(options)?;
        let dir = prepare_folder(&options.dir)?;
        let zone = TimeZone::get(ZONE).expect("the zone is in the bundled database");
        let today = clock.today(&zone);
        let city = details(
            "qingxi-city",
            "青溪市教育局",
            "Qingxi City Education Bureau",
            today,
        );
        let (parent, manifest) = DemoOffice::make(&dir, city, parent_port, clock, entropy)?;
        let mut county = details(
            "qingxi",
            "青溪县教育和科学技术局",
            "Qingxi County Education, Science and Technology Bureau",
            today,
        );
        county.parent = Some(as_parent(&manifest));
        let (office, _) = DemoOffice::make(&dir, county, options.triage_port, clock, entropy)?;
        let intake_config = dir.join("intake.toml");
        let place = Self {
            intake_url: format!("http://127.0.0.1:{}", options.intake_port),
            intake_config,
            dir,
            office,
            parent,
        };
        place.write_configs(options, relay_port)?;
        Ok(place)
    }

    /// Where the service `name` logs to.
    pub fn log(&self, name: &str) -> PathBuf {
        self.dir.join("logs").join(format!("{name}.log"))
    }

    fn write_configs(&self, options: &DemoOptions, relay_port: u16) -> Result<(), OperatorError> {
        let level = &options.log_level;
        write_public(&self.dir.join("routing.toml"), ROUTING.as_bytes())?;
        let mut intake = intake_head(&self.dir, options.intake_port, relay_port, level);
        for office in [&self.office, &self.parent] {
            intake.push_str(&intake_office(office));
            let triage = triage_toml(&self.dir, office, relay_port, level);
            write_public(&office.triage_config, triage.as_bytes())?;
        }
        write_public(&self.intake_config, intake.as_bytes())
    }
}

impl DemoOffice {
    fn make(
        dir: &Path,
        details: OfficeDetails,
        triage_port: u16,
        clock: &dyn Clock,
        entropy: &dyn Entropy,
    ) -> Result<(Self, OfficeManifest), OperatorError> {
        let folder = dir.join(&details.slug);
        let passphrase = random_word(entropy);
        let keys = init_keys(
            &folder.join("keys"),
            &details,
            passphrase.as_str().into(),
            entropy,
        )?;
        write_secret(&folder.join("keys/passphrase"), passphrase.as_bytes())?;
        make_folder(&folder.join("mail"))?;
        let manifest_file = folder.join("manifest");
        let manifest = sign_manifest_file(
            &keys.manifest_body,
            &keys.manifest_signing_key,
            &manifest_file,
            clock,
        )?;
        let public_key = fs::read_to_string(&keys.manifest_public_key)
            .map_err(OperatorError::at(&keys.manifest_public_key))?;
        let office = Self {
            slug: details.slug,
            passphrase,
            triage_url: format!("http://127.0.0.1:{triage_port}"),
            triage_config: folder.join("triage.toml"),
            manifest: manifest_file,
            public_key: public_key.trim().to_owned(),
            triage_port,
            keys,
            folder,
        };
        Ok((office, manifest))
    }
}

/// A passphrase or password that can be typed: 96 random bits as hexadecimal digits.
pub fn random_word(entropy: &dyn Entropy) -> Zeroizing<String> {
    Zeroizing::new(hex::encode(*Zeroizing::new(random_bytes::<12>(entropy))))
}

fn ports(options: &DemoOptions) -> Result<(u16, u16), OperatorError> {
    let wrong = || {
        OperatorError::Argument("the ports do not fit: the demo takes the intake port, the triage port and the two after it".to_owned())
    };
    let parent = options.triage_port.checked_add(1).ok_or_else(wrong)?;
    let relay = options.triage_port.checked_add(2).ok_or_else(wrong)?;
    if options.triage_port == 0
        || options.intake_port == 0
        || (options.triage_port..=relay).contains(&options.intake_port)
    {
        return Err(wrong());
    }
    Ok((parent, relay))
}

/// An empty folder: a new one, or that of an earlier demo. Anything else is left alone.
fn prepare_folder(dir: &Path) -> Result<PathBuf, OperatorError> {
    make_folder(dir)?;
    let marker = dir.join(MARKER);
    let entries: Vec<_> = fs::read_dir(dir)
        .map_err(OperatorError::at(dir))?
        .filter_map(Result::ok)
        .collect();
    if !entries.is_empty() && !marker.exists() {
        return Err(OperatorError::malformed(
            dir,
            "holds files that no demo made; nothing was changed",
        ));
    }
    for entry in entries {
        let path = entry.path();
        let removed = match entry.file_type() {
            Ok(kind) if kind.is_dir() => fs::remove_dir_all(&path),
            _ => fs::remove_file(&path),
        };
        removed.map_err(OperatorError::at(&path))?;
    }
    write_public(
        &marker,
        b"Made by `mifeng demo`. The next demo empties this folder.\n",
    )?;
    make_folder(&dir.join("logs"))?;
    dir.canonicalize().map_err(OperatorError::at(dir))
}

fn details(slug: &str, name_zh: &str, name_en: &str, today: Day) -> OfficeDetails {
    OfficeDetails {
        slug: slug.to_owned(),
        name_zh: name_zh.to_owned(),
        name_en: name_en.to_owned(),
        time_zone: ZONE.to_owned(),
        today,
        not_after: today.plus_days(365),
        parent: None,
        // A number that is nobody's: 555 is kept free for fiction.
        contact: Contact {
            phone: "0555-0100".to_owned(),
            hours_zh: "工作日 8:30–12:00，14:30–17:30".to_owned(),
            hours_en: "working days 8:30–12:00 and 14:30–17:30".to_owned(),
            letter_box_zh: "办公楼一楼大厅左侧".to_owned(),
            letter_box_en: "ground-floor hall, on the left".to_owned(),
            emergency_phone: "110".to_owned(),
            quick_exit_url: "https://www.weather.com.cn/".to_owned(),
            help_lines: vec![help_line()],
            in_language: BTreeMap::from([("zh-Hant".to_owned(), in_traditional(slug))]),
        },
        relay_hosts: vec!["localhost".to_owned(), "127.0.0.1".to_owned()],
    }
}

/// The youth service line, which every Chinese city has.
fn help_line() -> HelpLine {
    let name = [
        ("zh-Hans", "青少年服务热线"),
        ("zh-Hant", "青少年服務熱線"),
        ("en", "Youth service line"),
    ];
    HelpLine {
        phone: "12355".to_owned(),
        name: name
            .map(|(tag, name)| (tag.to_owned(), name.to_owned()))
            .into(),
    }
}

fn in_traditional(slug: &str) -> OwnWords {
    let city = "青溪市教育局";
    let county = "青溪縣教育和科學技術局";
    OwnWords {
        name: if slug == "qingxi" { county } else { city }.to_owned(),
        parent_name: city.to_owned(),
        hours: "工作日 8:30–12:00，14:30–17:30".to_owned(),
        letter_box: "辦公樓一樓大廳左側".to_owned(),
    }
}

fn as_parent(manifest: &OfficeManifest) -> ParentOffice {
    let body = manifest.body();
    ParentOffice {
        slug: body.slug.clone(),
        name_zh: body.name_zh.clone(),
        name_en: body.name_en.clone(),
        recipients: body.recipients.clone(),
    }
}

/// A TOML string. Paths that are not Unicode do not get this far: the folder is named on the command line.
fn quoted(path: &Path) -> String {
    toml::Value::String(path.display().to_string()).to_string()
}

fn intake_head(dir: &Path, port: u16, relay_port: u16, level: &str) -> String {
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

fn intake_office(office: &DemoOffice) -> String {
    format!(
        "\n[[office]]\nmanifest_file = {}\nmanifest_public_key = \"{}\"\nrelay_token_file = {}\n",
        quoted(&office.manifest),
        office.public_key,
        quoted(&office.keys.relay_token),
    )
}

fn triage_toml(dir: &Path, office: &DemoOffice, relay_port: u16, level: &str) -> String {
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
