//! The demo's folder: keys, signed manifests, configurations. Every secret in it is made anew for each demo.

mod office_details;
mod settings;

use crate::demo::DemoOptions;
use crate::files::{make_folder, write_public, write_secret};
use crate::{KeyFiles, OfficeDetails, OperatorError, init_keys, sign_manifest_file};
use jiff::tz::TimeZone;
use mifeng_foundation::clock::Clock;
use mifeng_foundation::entropy::{Entropy, random_bytes};
use mifeng_sealing::OfficeManifest;
use office_details::{as_parent, details};
use settings::{intake_head, intake_office, triage_toml};
use std::fs;
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// Says that a folder was made by a demo and may be emptied by the next.
const MARKER: &str = ".mifeng-demo";

/// The sample rules, which both offices of the demo use.
const ROUTING: &str = include_str!("../../../../deploy/routing.toml");

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
