//! What whoever guesses at the door learns, and whom he holds up: nothing, and nobody but himself. Work is counted, not timed.

use crate::support::postgres;
use mifeng_foundation::clock::{Clock, ManualClock, SystemClock};
use mifeng_foundation::entropy::{SystemEntropy, random_id};
use mifeng_opening::Identity;
use mifeng_triage::audit::AuditLog;
use mifeng_triage::engine::{Stores, open_stores};
use mifeng_triage::model::{Member, MemberId, Role};
use mifeng_triage::staff::{
    Credentials, Entered, MemberKeys, SignIn, SignInError, Source, StoredPassword,
};
use mifeng_triage::web::sign_in;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;
use zeroize::Zeroizing;

const PASSWORD: &str = "twelve green bottles";
/// The same letters, composed and in parts.
const WHOLE: &str = "Zürich im Regen, Café";
const PARTS: &str = "Zu\u{308}rich im Regen, Cafe\u{301}";

struct Door {
    clock: Arc<ManualClock>,
    stores: Stores,
    entrance: SignIn,
}

fn word(text: &str) -> Zeroizing<String> {
    Zeroizing::new(text.to_owned())
}

fn machine(last: u8) -> Source {
    Source::of(Some(IpAddr::from([10, 0, 0, last])))
}

impl Door {
    async fn new(url: &str) -> Self {
        let stores = open_stores(&url.parse().expect("a URL"))
            .await
            .expect("a store");
        let clock = Arc::new(ManualClock::at(SystemClock::new().now()));
        let zone = crate::support::office_zone();
        let audit_log = AuditLog::new(Arc::clone(&stores.cases), clock.clone(), zone);
        let store = Arc::clone(&stores.staff);
        let door = sign_in(
            store,
            clock.clone(),
            Arc::new(SystemEntropy),
            audit_log,
            [].into(),
        );
        Self {
            clock,
            stores,
            entrance: door.expect("argon2 works"),
        }
    }

    async fn hires(
        &self,
        login: &str,
        credentials: Credentials,
        change: impl FnOnce(&mut Member),
    ) -> MemberId {
        let mut member = Member {
            id: MemberId(random_id(&SystemEntropy)),
            login: login.to_owned(),
            name: login.to_owned(),
            role: Role::Investigator,
            unit: None,
            email: String::new(),
            recused_schools: Vec::new(),
            recused_names: Vec::new(),
            titles: Vec::new(),
            active: true,
            recipient: credentials.keys.as_ref().map(|keys| keys.recipient.clone()),
            confirmed: true,
            leave: None,
            skills: Vec::new(),
        };
        change(&mut member);
        let added = self.stores.staff.add(&member, &credentials).await;
        assert!(added.expect("added"));
        member.id
    }

    async fn chosen(&self, password: &str) -> Credentials {
        let chosen = self.entrance.passwords.choose(word(password), None).await;
        chosen.expect("fits")
    }

    /// What a try costs in hashes, and whether it is let in.
    async fn tries(&self, login: &str, password: &str, from: u8) -> (u64, bool) {
        let before = self.entrance.passwords.checks();
        let tried = self
            .entrance
            .sign_in(login, word(password), machine(from))
            .await;
        let entered = match tried {
            Ok(Entered::In(_)) => true,
            Err(SignInError::Refused) => false,
            Ok(Entered::Asked(_)) => panic!("nobody has a second factor"),
            Err(other) => panic!("{login}: {other}"),
        };
        (self.entrance.passwords.checks() - before, entered)
    }
}

/// Whatever is typed, by whatever login, costs what it costs with an account that is there.
async fn nothing_is_told_by_the_work(url: String) {
    let door = Door::new(&url).await;
    let chosen = door.chosen(PASSWORD).await;
    door.hires("there", chosen.clone(), |_| {}).await;
    door.hires("closed", chosen.clone(), |member| member.active = false)
        .await;
    door.hires("unconfirmed", chosen.clone(), |member| {
        member.confirmed = false;
    })
    .await;
    let by_another = Credentials::set_by_another(chosen.password.clone());
    door.hires("new", by_another, |member| member.confirmed = false)
        .await;
    let logins = [
        "there",
        "closed",
        "unconfirmed",
        "new",
        "nobody",
        "",
        "There",
        "\u{0}",
        "管理员",
        PARTS,
    ];
    let typed = [
        "wrong password",
        "",
        "x",
        PARTS,
        WHOLE,
        "e\u{301}",
        "密码密码密码密码密码",
        PASSWORD,
    ];
    for (at, password) in typed.into_iter().enumerate() {
        let mut cost = Vec::new();
        for login in logins {
            // Each from a machine of its own: nobody has to wait.
            let from = u8::try_from(cost.len() * typed.len() + at).expect("few");
            let (hashes, entered) = door.tries(login, password, from).await;
            let right = password == PASSWORD && ["there", "unconfirmed", "new"].contains(&login);
            assert_eq!(entered, right, "{login} by {password}");
            cost.push(hashes);
        }
        assert!(
            cost[0] > 0 && cost.iter().all(|one| *one == cost[0]),
            "{password}: {cost:?}"
        );
    }
}

/// A hundred wrong tries keep out neither the office, nor the one who is guessed at, from where she works.
async fn a_hundred_wrong_tries_keep_nobody_out(url: String) {
    let door = Door::new(&url).await;
    let chosen = door.chosen(PASSWORD).await;
    for login in ["li", "chen", "wen"] {
        door.hires(login, chosen.clone(), |_| {}).await;
    }
    assert!(door.tries("li", PASSWORD, 1).await.1);
    let mut refused = 0;
    for n in 0..100 {
        let login = if n % 2 == 0 {
            "li".to_owned()
        } else {
            format!("nobody{n}")
        };
        let tried = door
            .entrance
            .sign_in(&login, word("wrong password"), machine(9))
            .await;
        refused += usize::from(matches!(tried, Err(SignInError::Wait(_))));
    }
    assert!(
        refused >= 40,
        "{refused}: one login is not guessed at from one place"
    );
    for (login, from) in [("li", 1), ("li", 2), ("chen", 1), ("wen", 9)] {
        assert!(
            door.tries(login, PASSWORD, from).await.1,
            "{login} from {from}"
        );
    }
    let still = door
        .entrance
        .sign_in("li", word(PASSWORD), machine(9))
        .await;
    assert!(
        matches!(still, Err(SignInError::Wait(_))),
        "where the guesses come from"
    );
    door.clock.advance(Duration::from_hours(1));
    assert!(door.tries("li", PASSWORD, 9).await.1);
}

/// The same letters typed on another keyboard are the same password; one that was hashed as it was typed is accepted, and
/// hashed anew with the key that it opens.
async fn letters_are_letters(url: String) {
    let door = Door::new(&url).await;
    let chosen = door.chosen(PARTS).await;
    door.hires("composed", chosen, |_| {}).await;
    let identity = Identity::generate();
    let salt = [5; 16];
    let key = Identity::from_password(PARTS.as_bytes(), &salt).expect("a key");
    let older = Credentials {
        password: hashed_as_typed(PARTS),
        own: true,
        keys: Some(MemberKeys {
            recipient: identity.recipient(),
            salt,
            sealed_identity: identity.wrap(&key.recipient()).expect("sealed"),
        }),
    };
    let id = door.hires("older", older.clone(), |_| {}).await;
    for typed in [WHOLE, PARTS] {
        assert!(door.tries("composed", typed, 1).await.1, "{typed}");
    }
    assert!(
        !door.tries("older", WHOLE, 1).await.1,
        "as long as nobody typed it the old way"
    );
    assert!(door.tries("older", PARTS, 1).await.1);
    let stored = door
        .stores
        .staff
        .credentials(id)
        .await
        .expect("read")
        .expect("kept");
    assert_ne!(stored.password, older.password, "hashed anew");
    for typed in [WHOLE, PARTS] {
        assert!(door.tries("older", typed, 1).await.1, "{typed}");
        let keys = stored.keys.clone().expect("a key");
        let opened = door
            .entrance
            .passwords
            .open_identity(word(typed), keys)
            .await;
        assert_eq!(opened.expect("it opens").recipient(), identity.recipient());
    }
}

fn hashed_as_typed(password: &str) -> StoredPassword {
    use argon2::password_hash::PasswordHasher as _;
    let hash: argon2::password_hash::phc::PasswordHash = argon2::Argon2::default()
        .hash_password_with_salt(password.as_bytes(), &[3; 16])
        .expect("hashed");
    StoredPassword::from_phc(hash.to_string())
}

macro_rules! at_both_doors {
    ($($name:ident, $sqlite:ident, $postgres:ident;)+) => {$(
        #[tokio::test]
        async fn $sqlite() {
            let folder = tempfile::tempdir().expect("a folder");
            Box::pin($name(format!("sqlite:{}/triage.sqlite", folder.path().display()))).await;
        }

        #[tokio::test]
        async fn $postgres() {
            Box::pin($name(postgres::fresh_database().await)).await;
        }
    )+};
}

at_both_doors! {
    nothing_is_told_by_the_work, nothing_is_told_by_the_work_in_sqlite, nothing_is_told_by_the_work_in_postgresql;
    a_hundred_wrong_tries_keep_nobody_out, a_hundred_wrong_tries_keep_nobody_out_in_sqlite,
        a_hundred_wrong_tries_keep_nobody_out_in_postgresql;
    letters_are_letters, letters_are_letters_in_sqlite, letters_are_letters_in_postgresql;
}
