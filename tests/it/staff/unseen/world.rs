//! An office that is imagined: its people, what arrives, and what is done with it, with or without what some may not see.

use super::super::founding::{PASSWORD, sealed_office, triage_toml};
use mifeng_foundation::clock::{Clock as _, Day, ManualClock, SystemClock};
use mifeng_foundation::entropy::{SystemEntropy, random_id};
use mifeng_opening::{Identity, OfficeIdentityFile};
use mifeng_operator::KeyFiles;
use mifeng_sealing::tip::{Channel, RawTip, Tip, TipDocument};
use mifeng_sealing::{EnvelopeKind, MailboxSecrets, PickupCode, seal_tip};
use mifeng_triage::ingest::Arrived;
use mifeng_triage::model::{Member, MemberId, Role, Viewer};
use parking_lot::Mutex;
use sha2::{Digest as _, Sha256};
use std::sync::Arc;

/// The school that the recused have to do with, and who is kin of theirs.
const THEIR_SCHOOL: &str = "青溪县第一中学";

const THEIR_KIN: &str = "何志远";

const SCHOOLS: [&str; 7] = [
    "青溪县第三中学",
    "青溪县城东小学",
    "青溪县城东第二小学",
    "青溪县东关小学",
    "青溪县河西小学",
    "青溪县河西初级中学",
    "青溪县第二高级中学",
];

/// Who looks: each is recused from the same.
pub(super) const RECUSED: [&str; 3] = ["principal", "deputy", "teacher"];

/// Randomness that repeats itself: what is drawn follows from what it was set to.
#[derive(Default)]
pub(super) struct Seeded(pub(super) Mutex<([u8; 32], u64)>);

impl Seeded {
    pub(super) fn set(&self, to: &[u8]) {
        *self.0.lock() = (Sha256::digest(to).into(), 0);
    }
}

/// Chance of the test itself.
pub(super) struct Chance(pub(super) u64);

impl Chance {
    pub(super) fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).expect("31 bits") % most
    }

    pub(super) fn of<'a, T>(&mut self, some: &'a [T]) -> &'a T {
        &some[self.below(some.len())]
    }
}

/// Something that happens in the office.
pub(super) enum Event {
    Tip {
        envelope: Arrived,
        unseen: bool,
    },
    /// A deed with the tips of these numbers in order of arrival.
    Deed {
        deed: Deed,
        one: usize,
        other: usize,
    },
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Deed {
    Assign(&'static str),
    Accept,
    Note,
    Task(&'static str),
    Join,
    Apart,
}

/// What both offices have in common.
pub(super) struct World {
    pub(super) folder: tempfile::TempDir,
    pub(super) keys: KeyFiles,
    pub(super) clock: Arc<ManualClock>,
    pub(super) key: Identity,
    pub(super) members: Vec<(Member, Identity)>,
    pub(super) events: Vec<Event>,
    /// Whether the tip of this number concerns the recused.
    pub(super) unseen: Vec<bool>,
}

fn tutoring(chance: &mut Chance) -> String {
    let place = chance.of(&["芙蓉苑", "紫藤巷", "金鹭花园", "西街出租屋"]);
    let sum = chance.of(&["八十", "一百二", "两百"]);
    let day = chance.of(&["周六", "周日", "周三晚上"]);
    format!("老师{day}在{place}补课，每人收{sum}元，不去的孩子上课被点名。班里一半人都去了。")
}

/// A text that is pasted by many: two sentences, and what differs.
const CAMPAIGN: &str =
    "强烈要求查处教师在校外违规办班补课的行为。家长敢怒不敢言，请教育局给大家一个明确的答复。";

/// A text that comes many times about one matter.
const FLOOD: &str = "体育老师让家长到指定的店买球鞋，每双三百八十元，不买的不许上课。店主是他亲戚，家长群里有截图。";

impl World {
    pub(super) fn found(seed: u64) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let clock = Arc::new(ManualClock::at(SystemClock::new().now()));
        let keys = sealed_office(folder.path(), "qingxi", None, &clock);
        let locked = std::fs::read(&keys.office_identity).expect("our own file");
        let key = OfficeIdentityFile::from_bytes(locked).unlock(PASSWORD.into());
        let mut world = Self {
            folder,
            keys,
            clock,
            key: key.expect("the key opens"),
            members: members(),
            events: Vec::new(),
            unseen: Vec::new(),
        };
        world.imagine(&mut Chance(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1));
        world
    }

    pub(super) fn today(&self) -> Day {
        let zone = crate::support::office_zone();
        self.clock.today(&zone)
    }

    /// Tips in the order in which they come, and what is done with them meanwhile.
    pub(super) fn imagine(&mut self, chance: &mut Chance) {
        let mut tips: Vec<(bool, String, String, String)> = Vec::new();
        let mut tip = |unseen: bool, school: &str, text: String| {
            let subject = if unseen && school != THEIR_SCHOOL {
                THEIR_KIN
            } else {
                ""
            };
            tips.push((unseen, school.to_owned(), subject.to_owned(), text));
        };
        for _ in 0..8 {
            let school = *chance.of(&SCHOOLS);
            tip(false, school, tutoring(chance));
            tip(true, THEIR_SCHOOL, tutoring(chance));
        }
        for school in SCHOOLS {
            // Three of them are seen, which makes no template; with the others it would be one.
            let own = tutoring(chance);
            let unseen = chance.below(7) > 2;
            tip(unseen, school, format!("{CAMPAIGN}{own}"));
        }
        let flooded = *chance.of(&SCHOOLS);
        for n in 0..chance.below(4) + 2 {
            tip(false, flooded, format!("{FLOOD}{n}班"));
        }
        for n in 0..12 {
            tip(true, flooded, format!("{FLOOD}{n}班"));
        }
        // The same words, of which one also names somebody.
        let same = tutoring(chance);
        let school = *chance.of(&SCHOOLS);
        tip(true, school, same.clone());
        tip(false, school, same.clone());
        tip(false, school, same);
        // A burst at one school that is one only with what is unseen.
        for n in 0..5 {
            let unseen = n % 2 == 0;
            tip(unseen, SCHOOLS[5], tutoring(chance));
        }
        for at in (1..tips.len()).rev() {
            tips.swap(at, chance.below(at + 1));
        }
        for (unseen, school, subject, text) in tips {
            let raw = RawTip {
                category: (*chance.of(&["tutoring", "school-fees", "other"])).to_owned(),
                school,
                subject,
                when: String::new(),
                text,
                language: "zh-Hans".to_owned(),
                attachments: Vec::new(),
                only_above: false,
            };
            let back = i32::try_from(chance.below(4)).expect("small");
            let envelope = sealed(&self.key, &raw, self.today().plus_days(-back));
            self.events.push(Event::Tip { envelope, unseen });
            self.unseen.push(unseen);
            if chance.below(2) == 0 {
                self.imagine_deed(chance);
            }
        }
        for _ in 0..20 {
            self.imagine_deed(chance);
        }
    }

    pub(super) fn imagine_deed(&mut self, chance: &mut Chance) {
        let one = chance.below(self.unseen.len());
        let alike: Vec<usize> = (0..self.unseen.len())
            .filter(|other| *other != one && self.unseen[*other] == self.unseen[one])
            .collect();
        if alike.is_empty() {
            return;
        }
        let other = *chance.of(&alike);
        let deed = *chance.of(&[
            Deed::Assign("other"),
            Deed::Assign("investigator"),
            Deed::Assign("deputy"),
            Deed::Accept,
            Deed::Note,
            Deed::Task("principal"),
            Deed::Task("supervisor"),
            Deed::Join,
            Deed::Accept,
            Deed::Note,
            Deed::Apart,
        ]);
        self.events.push(Event::Deed { deed, one, other });
    }

    pub(super) fn settings(&self, url: &str) -> String {
        // Nobody listens there: nothing more comes.
        triage_toml(self.folder.path(), &self.keys, url, "127.0.0.1:9")
    }

    pub(super) fn viewer(&self, login: &str) -> Viewer {
        let found = self.members.iter().find(|(one, _)| one.login == login);
        let (member, identity) = found.expect("a member");
        Viewer::new(member.clone(), Arc::new(identity.clone()))
    }
}

/// Sealed once, for both offices.
fn sealed(key: &Identity, raw: &RawTip, received_day: Day) -> Arrived {
    let tip = Tip::parse(raw).expect("a tip");
    let secrets = MailboxSecrets::derive(&PickupCode::generate(&SystemEntropy), "qingxi");
    let address = secrets.address();
    let document = TipDocument::new(&tip, "qingxi", received_day, Channel::Web, address);
    let sealed = seal_tip(&document, &[key.recipient()]).expect("sealed");
    Arrived {
        id: random_id(&SystemEntropy),
        kind: EnvelopeKind::Tip,
        received_day,
        ciphertext: sealed.0.into_bytes(),
        files: Vec::new(),
    }
}

pub(super) fn members() -> Vec<(Member, Identity)> {
    let staff = [
        ("dispatcher", Role::Dispatcher, None),
        ("investigator", Role::Investigator, Some("dudao")),
        ("other", Role::Investigator, Some("jijiao")),
        ("third", Role::Investigator, Some("jijiao")),
        ("supervisor", Role::Supervisor, None),
        ("principal", Role::Supervisor, None),
        ("deputy", Role::Dispatcher, None),
        ("teacher", Role::Investigator, Some("jijiao")),
    ];
    let member = |(login, role, unit): (&str, Role, Option<&str>)| {
        let is_recused = RECUSED.contains(&login);
        let identity = Identity::generate();
        let only = |word: &str| {
            if is_recused {
                vec![word.to_owned()]
            } else {
                Vec::new()
            }
        };
        let member = Member {
            id: MemberId(random_id(&SystemEntropy)),
            login: login.to_owned(),
            name: format!("name of {login}"),
            role,
            unit: unit.map(str::to_owned),
            email: format!("{login}@example.org"),
            recused_schools: only("qx-1z"),
            recused_names: only(THEIR_KIN),
            titles: Vec::new(),
            active: true,
            recipient: Some(identity.recipient()),
            confirmed: true,
            leave: None,
            skills: Vec::new(),
        };
        (member, identity)
    };
    staff.into_iter().map(member).collect()
}

pub(super) struct Staff(pub(super) Vec<Member>);
