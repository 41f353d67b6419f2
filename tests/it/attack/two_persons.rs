//! No one account makes a case vanish, leave the office or lose whoever oversees it, whatever it does, in whatever order and
//! over whatever time, while nobody else signs. What is to be done by two is done by two, and stands over a start.

#[path = "two_persons/world.rs"]
mod world;

use crate::support::postgres::fresh_database;
use mifeng_triage::administration::accounts::Accounts;
use mifeng_triage::administration::{AccountError, Outcome, RequestView};
use mifeng_triage::audit::Kind;
use mifeng_triage::casework;
use mifeng_triage::model::{Member, MemberId, Role};
use mifeng_triage::office::OfficeError;
use mifeng_triage::views;
use std::time::Duration;
use world::{Draws, EVERYWHERE, World, some_password};

const DAY: Duration = Duration::from_hours(24);

const REASON: &str = "有理由";

fn id_of(request: &RequestView) -> [u8; 16] {
    let mut id = [0; 16];
    hex::decode_to_slice(&request.id, &mut id).expect("an id");
    id
}

/// One step of one account; what it was.
async fn step(world: &World, who: u8, draws: &mut Draws) -> String {
    let actor = world.viewer(who).await;
    let whom = [1_u8, 2, 4, 5, 20, 21][draws.below(6)];
    let id = MemberId([whom; 16]);
    let number = &world.cases[draws.below(world.cases.len())];
    let version = match views::case(&world.office, &actor, number).await {
        Ok(file) => file.version,
        Err(_) => 1,
    };
    let accounts = Accounts::new(&world.office, &*world.stores.staff);
    let office = &world.office;
    let deed = draws.below(18);
    let done = match deed {
        0 => accounts
            .close(&actor, id)
            .await
            .map(drop)
            .err()
            .map(|error| error.to_string()),
        1 => accounts
            .reset(&actor, id, some_password())
            .await
            .map(drop)
            .err()
            .map(|error| error.to_string()),
        2..=5 => {
            let mut edited = world.now(whom).await;
            match deed {
                2 => edited.recused_names.push(EVERYWHERE.to_owned()),
                3 => edited
                    .recused_schools
                    .push(["qx-1z", "qx-3z"][draws.below(2)].to_owned()),
                4 => edited.role = Role::ALL[draws.below(5)],
                _ => edited.name = format!("改名{}", draws.below(9)),
            }
            accounts
                .edit(&actor, edited)
                .await
                .map(drop)
                .err()
                .map(|error| error.to_string())
        }
        6 => {
            let request = accounts.requests(&actor).await.unwrap_or_default();
            match request.first() {
                Some(request) => accounts
                    .approve_request(&actor, id_of(request))
                    .await
                    .err()
                    .map(|error| error.to_string()),
                None => None,
            }
        }
        7 => casework::ask_passing(office, &actor, number, version, REASON)
            .await
            .err()
            .map(|error| error.to_string()),
        8 => casework::approve_passing(office, &actor, number, version)
            .await
            .err()
            .map(|error| error.to_string()),
        9 => casework::ask_deletion(office, &actor, number, version, REASON)
            .await
            .err()
            .map(|error| error.to_string()),
        10 => casework::approve_deletion(office, &actor, number, version)
            .await
            .err()
            .map(|error| error.to_string()),
        11 => casework::recuse_oneself(office, &actor, number, version, REASON)
            .await
            .err()
            .map(|error| error.to_string()),
        12 => casework::assign(office, &actor, number, version, id, REASON)
            .await
            .err()
            .map(|error| error.to_string()),
        13 => casework::keep_here(office, &actor, number, version, REASON)
            .await
            .err()
            .map(|error| error.to_string()),
        _ => {
            world
                .clock
                .advance(DAY * u32::try_from(draws.below(6)).expect("small"));
            None
        }
    };
    format!("{who} did {deed} to {whom}: {done:?}")
}

async fn no_one_account_drains_an_office(url: String, seeds: u64) {
    // Ever the same office: what one account did stays when the next begins, as far as it was done alone.
    for who in [3_u8, 1, 2, 20] {
        for seed in 1..=seeds {
            let folder = tempfile::tempdir().expect("a folder");
            let url = match url.as_str() {
                "" => format!("sqlite:{}/triage.sqlite", folder.path().display()),
                _ => fresh_database().await,
            };
            let world = World::new(&url).await;
            let mut draws =
                Draws((seed * 1000 + u64::from(who)).wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
            let mut done = Vec::new();
            for _ in 0..40 {
                done.push(step(&world, who, &mut draws).await);
                world.round().await;
                world.whole(&format!("seed {seed}: {done:#?}")).await;
            }
        }
    }
}

#[tokio::test]
async fn no_one_account_drains_an_office_in_sqlite() {
    Box::pin(no_one_account_drains_an_office(String::new(), 4)).await;
}

#[tokio::test]
async fn no_one_account_drains_an_office_in_postgresql() {
    Box::pin(no_one_account_drains_an_office("postgres".to_owned(), 1)).await;
}

/// What protects is done at once; what takes too much waits for an officer, who is another, over a start.
async fn an_officer_signs_what_takes_much(url: String) {
    let world = World::new(&url).await;
    let to_all = |member: &mut Member| member.recused_names.push(EVERYWHERE.to_owned());
    // One person is recused from everything at once, and a second.
    assert_eq!(world.recuse(1, to_all).await, Outcome::Done);
    assert!(!world.sees(1, 0).await && world.sees(2, 0).await);
    assert_eq!(world.close(2).await, Outcome::Done);
    // The third within the week takes two.
    assert_eq!(world.recuse(4, to_all).await, Outcome::Asked);
    assert!(world.sees(4, 0).await, "nothing is taken yet");
    let request = world.requests(5).await.remove(0);
    assert_eq!(
        (request.cases, request.orphaned, request.can_sign),
        (3, 0, true)
    );
    assert!(!world.requests(4).await[0].can_sign, "not for herself");
    let world = world.restarted().await;
    let (admin, affected, officer) = (
        world.viewer(3).await,
        world.viewer(4).await,
        world.viewer(5).await,
    );
    let accounts = Accounts::new(&world.office, &*world.stores.staff);
    let request = world.requests(5).await.remove(0);
    let id = id_of(&request);
    for (who, refused) in [(&admin, "role"), (&affected, "himself")] {
        let signed = accounts.approve_request(who, id).await;
        let error = signed.expect_err("not by these").to_string();
        assert!(error.contains(refused), "{error}");
    }
    let wordless = accounts.refuse_request(&officer, id, " ").await;
    assert!(matches!(wordless, Err(AccountError::BadText)));
    accounts
        .refuse_request(&officer, id, "她没有利害关系")
        .await
        .expect("refused");
    let refused = accounts.approve_request(&officer, id).await;
    assert!(matches!(refused, Err(AccountError::Missing)));
    let told = world.requests(3).await.remove(0);
    assert_eq!(told.refused.expect("told").2, "她没有利害关系");
    assert!(
        world.requests(5).await[0]
            .refused
            .as_ref()
            .is_some_and(|one| one.2.is_empty()),
        "to him only"
    );
    accounts.withdraw_request(&admin, id).await.expect("noted");
    assert!(world.requests(3).await.is_empty());

    // Asked again and signed, it is done.
    assert_eq!(world.recuse(4, to_all).await, Outcome::Asked);
    let id = id_of(&world.requests(5).await[0]);
    accounts
        .approve_request(&officer, id)
        .await
        .expect("signed");
    assert!(!world.sees(4, 0).await && world.sees(5, 0).await);
    // The last one who oversees is not taken by anybody alone, whenever; and nobody is left who could sign.
    world.clock.advance(DAY * 30);
    for outcome in [world.close(5).await, world.recuse(5, to_all).await] {
        assert_eq!(outcome, Outcome::Asked);
    }
    let request = world.requests(5).await.remove(0);
    assert_eq!((request.orphaned, request.can_sign), (3, false));
    let accounts = Accounts::new(&world.office, &*world.stores.staff);
    let herself = world.viewer(5).await;
    let own = accounts.approve_request(&herself, id_of(&request)).await;
    assert!(matches!(own, Err(AccountError::Oneself)));
    for case in &world.cases {
        let version = views::case(&world.office, &officer, case)
            .await
            .expect("seen")
            .version;
        let herself =
            casework::recuse_oneself(&world.office, &officer, case, version, REASON).await;
        assert!(matches!(herself, Err(OfficeError::LastReader)));
    }
    world.whole("the last one").await;
    for (kind, times) in [
        (Kind::AccountChangeAsked, 4),
        (Kind::AccountChangeApproved, 1),
        (Kind::AccountChangeRefused, 1),
        (Kind::AccountChangeWithdrawn, 1),
    ] {
        assert_eq!(world.on_record(kind).await, times, "{}", kind.code());
    }
    // A wish that nobody signed falls away.
    world.clock.advance(DAY * 15);
    assert!(world.requests(3).await.is_empty());
}

/// A change that was asked for is of the account as it was then.
async fn another_account_by_then_is_not_changed(url: String) {
    let world = World::new(&url).await;
    let to_all = |member: &mut Member| member.recused_names.push(EVERYWHERE.to_owned());
    for id in [1, 2] {
        assert_eq!(world.recuse(id, to_all).await, Outcome::Done);
    }
    assert_eq!(world.close(4).await, Outcome::Asked);
    let id = id_of(&world.requests(5).await[0]);
    let renamed = world
        .recuse(4, |member| "new@example.org".clone_into(&mut member.email))
        .await;
    assert_eq!(renamed, Outcome::Done, "it takes nothing");
    let accounts = Accounts::new(&world.office, &*world.stores.staff);
    let officer = world.viewer(5).await;
    let void = accounts.approve_request(&officer, id).await;
    assert!(matches!(void, Err(AccountError::Changed)));
    assert!(world.requests(5).await.is_empty() && world.now(4).await.active);
}

macro_rules! at_both {
    ($($name:ident, $sqlite:ident, $postgres:ident;)+) => {$(
        #[tokio::test]
        async fn $sqlite() {
            let folder = tempfile::tempdir().expect("a folder");
            Box::pin($name(format!("sqlite:{}/triage.sqlite", folder.path().display()))).await;
        }

        #[tokio::test]
        async fn $postgres() {
            Box::pin($name(fresh_database().await)).await;
        }
    )+};
}

at_both! {
    an_officer_signs_what_takes_much, an_officer_signs_what_takes_much_in_sqlite,
        an_officer_signs_what_takes_much_in_postgresql;
    another_account_by_then_is_not_changed, another_account_by_then_is_not_changed_in_sqlite,
        another_account_by_then_is_not_changed_in_postgresql;
}
