//! A member of the staff and what the role allows.

use mifeng_foundation::clock::Day;
use mifeng_names::Held;
use mifeng_opening::Identity;
use mifeng_sealing::Recipient;
use mifeng_sealing::tip::Category;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::ops::Deref;
use std::sync::Arc;

/// A member's random id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MemberId(pub [u8; 16]);

/// What a member is there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// Confirms routing, sees the whole queue.
    Dispatcher,
    /// Handles the cases given to her (承办人), sees no other.
    Investigator,
    /// Sees what is late, approves (分管领导).
    Supervisor,
    /// Keeps accounts and rules; can read no tip.
    Administrator,
    /// Reads the audit log, not the tips.
    Auditor,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 5] = [
        Self::Dispatcher,
        Self::Investigator,
        Self::Supervisor,
        Self::Administrator,
        Self::Auditor,
    ];

    /// The word stored, used in forms and as the key of its name.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Dispatcher => "dispatcher",
            Self::Investigator => "investigator",
            Self::Supervisor => "supervisor",
            Self::Administrator => "administrator",
            Self::Auditor => "auditor",
        }
    }

    /// The role with this word.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.code() == code)
    }

    /// Whether this role ever reads a tip.
    #[must_use]
    pub fn reads_tips(self) -> bool {
        matches!(
            self,
            Self::Dispatcher | Self::Investigator | Self::Supervisor
        )
    }

    /// Whether this role sees every case it is not recused from, not only its own.
    #[must_use]
    pub fn sees_all_cases(self) -> bool {
        matches!(self, Self::Dispatcher | Self::Supervisor)
    }
}

/// Someone with an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Random id.
    pub id: MemberId,
    /// What is typed to sign in.
    pub login: String,
    /// Shown to colleagues.
    pub name: String,
    /// What the member is there for.
    pub role: Role,
    /// Unit id from the routing rules, for those who handle cases.
    pub unit: Option<String>,
    /// Where reminders go; empty for none.
    pub email: String,
    /// School ids (from the routing rules) that the member has to do with.
    pub recused_schools: Vec<String>,
    /// Names whose tips the member may not see: his own, declared kin.
    pub recused_names: Vec<String>,
    /// Whether the account can sign in and be given work.
    pub active: bool,
    /// Whom to seal to for her to open; `None` until she has signed in with a password of her own.
    pub recipient: Option<Recipient>,
    /// Whether somebody other than the administrator vouched that this key, this role and these recusals are hers: an
    /// officer, or the operator. Without it she gets the key of no case.
    pub confirmed: bool,
    /// When the member is away next, or is now.
    pub leave: Option<Leave>,
    /// Categories of tips that the member knows best, and gets before others do.
    pub skills: Vec<Category>,
    /// Offices that the member holds or held, with the days: a tip may name her by a title alone.
    pub titles: Vec<Held>,
}

/// Days on which a member is away, and is given no case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leave {
    from: Day,
    to: Day,
}

/// Longest leave, in days: what is longer is a slip of the pen, or a reason to close the account.
const LEAVE_MAX_DAYS: i32 = 366;

impl Leave {
    /// Away from one day to another, both included; `None` if it ends before it begins or is longer than a year.
    #[must_use]
    pub fn new(from: Day, to: Day) -> Option<Self> {
        let days = to.days_since(from);
        (0..LEAVE_MAX_DAYS)
            .contains(&days)
            .then_some(Self { from, to })
    }

    /// The first day.
    #[must_use]
    pub fn from(self) -> Day {
        self.from
    }

    /// The last day.
    #[must_use]
    pub fn to(self) -> Day {
        self.to
    }

    /// Whether it has begun by `day` and not ended before it.
    #[must_use]
    pub fn covers(self, day: Day) -> bool {
        self.from <= day && day <= self.to
    }
}

impl Member {
    /// Whether she reads tips at all, as far as the account goes.
    #[must_use]
    pub fn is_reader(&self) -> bool {
        self.active && self.confirmed && self.role.reads_tips()
    }

    /// The last day of the leave that the member is on; `None` if she is there on `day`.
    #[must_use]
    pub fn away_until(&self, day: Day) -> Option<Day> {
        let leave = self.leave.filter(|leave| leave.covers(day));
        leave.map(Leave::to)
    }

    /// What an officer is to hear from her before he vouches for her key.
    #[must_use]
    pub fn key_code(&self) -> Option<KeyCode> {
        self.recipient.as_ref().map(KeyCode::of)
    }

    /// What she is called where somebody is chosen: with her login where another has the same name.
    #[must_use]
    pub fn called_among(&self, members: &[Self]) -> String {
        let same = |other: &&Self| other.name.trim() == self.name.trim() && other.id != self.id;
        if members.iter().find(same).is_some() {
            format!("{} ({})", self.name, self.login)
        } else {
            self.name.clone()
        }
    }

    /// Whether this account could read more than `before`: another role that reads, another name, a recusal less.
    #[must_use]
    pub fn is_wider_than(&self, before: &Self) -> bool {
        let keeps = |old: &[String], new: &[String]| old.iter().all(|one| new.contains(one));
        self.role.reads_tips()
            && (self.role != before.role
                || self.name != before.name
                || (self.active && !before.active)
                || !keeps(&before.recused_schools, &self.recused_schools)
                || !keeps(&before.recused_names, &self.recused_names)
                || !before.titles.iter().all(|held| self.titles.contains(held)))
    }
}

/// Sixteen hex digits of a recipient's SHA-256: what one person reads out and another types. Nobody makes a second key
/// with the same 64 bits to the code of a key that is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyCode([u8; 8]);

impl KeyCode {
    /// The code of a key.
    #[must_use]
    pub fn of(recipient: &Recipient) -> Self {
        let digest = Sha256::new()
            .chain_update(b"mifeng/key-code/1")
            .chain_update(recipient.to_string())
            .finalize();
        Self(digest[..8].try_into().expect("a SHA-256 has 32 bytes"))
    }

    /// Whether `typed` is this code, in groups or not.
    #[must_use]
    pub fn is(self, typed: &str) -> bool {
        let digits: String = typed.chars().filter(char::is_ascii_alphanumeric).collect();
        digits.to_ascii_lowercase() == hex::encode(self.0)
    }
}

impl std::fmt::Display for KeyCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let groups: Vec<String> = self.0.chunks(2).map(hex::encode).collect();
        f.write_str(&groups.join(" "))
    }
}

/// A member who is signed in, with the key that her password opened.
#[derive(Clone, Debug)]
pub struct Viewer {
    member: Member,
    identity: Arc<Identity>,
}

impl Viewer {
    /// Of a member, with her key.
    #[must_use]
    pub fn new(member: Member, identity: Arc<Identity>) -> Self {
        Self { member, identity }
    }

    /// Her key.
    #[must_use]
    pub fn identity(&self) -> &Identity {
        &self.identity
    }
}

impl Deref for Viewer {
    type Target = Member;

    fn deref(&self) -> &Member {
        &self.member
    }
}
