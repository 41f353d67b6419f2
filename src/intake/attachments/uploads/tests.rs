//! No bound is passed by whatever senders do, and those who hold most give way first.

use super::*;
use proptest::prelude::*;

const BOUNDS: Bounds = Bounds {
    unclaimed_bytes: 1000,
    prefix_bytes: 400,
    places: 6,
    prefix_places: 3,
    slow_below: 2,
};

fn lane(number: u8) -> Lane {
    match number {
        0 => Lane::Shared,
        1 => Lane::Relay,
        other => Lane::Prefix([other; 16]),
    }
}

fn id(number: u8) -> AttachmentId {
    [number; 16]
}

/// What anybody may do, in any order.
#[derive(Clone, Debug)]
enum Deed {
    Begin(u8, u8),
    Grow(u8, u64),
    Whole(u8),
    Claim(u8),
    Wait(u64),
    Evict(u8),
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let deed = prop_oneof![
        (0..40u8, 0..6u8).prop_map(|(id, lane)| Deed::Begin(id, lane)),
        (0..40u8, 1..200u64).prop_map(|(id, bytes)| Deed::Grow(id, bytes)),
        (0..40u8, 1..200u64).prop_map(|(id, bytes)| Deed::Grow(id, bytes)),
        (0..40u8).prop_map(Deed::Whole),
        (0..40u8).prop_map(Deed::Claim),
        (0..10u64).prop_map(Deed::Wait),
        (0..40u8).prop_map(Deed::Evict),
    ];
    prop::collection::vec(deed, 0..200)
}

fn check(uploads: &Uploads) {
    let state = uploads.state();
    assert!(state.bytes() <= BOUNDS.unclaimed_bytes);
    assert!(state.arriving().count() <= BOUNDS.places);
    for number in 2..6 {
        let lane = lane(number);
        assert!(state.bytes_of(lane) <= BOUNDS.prefix_bytes);
        let places = state.arriving().filter(|(_, it)| it.lane == lane).count();
        assert!(places <= BOUNDS.prefix_places);
    }
}

/// Lane of an upload, and what its lane holds.
fn seen(uploads: &Uploads, id: AttachmentId) -> Option<(Lane, u64)> {
    let state = uploads.state();
    let lane = state.all.get(&id)?.lane;
    Some((lane, state.bytes_of(lane)))
}

proptest! {
    #[test]
    fn no_bound_is_ever_passed_and_none_goes_for_one_that_holds_more(deeds in deeds()) {
        let uploads = Uploads::new(BOUNDS);
        let mut now = Duration::from_secs(100);
        for deed in deeds {
            match deed {
                Deed::Begin(number, of) => {
                    if seen(&uploads, id(number)).is_none() {
                        let _ = uploads.begin(id(number), lane(of), now);
                    }
                }
                Deed::Grow(number, bytes) => loop {
                    let held: HashMap<u8, (Lane, u64)> = (0..40)
                        .filter_map(|it| Some((it, seen(&uploads, id(it))?)))
                        .collect();
                    let Grown::After(gone) = uploads.grow(id(number), bytes) else {
                        break;
                    };
                    let (own, own_bytes) = held[&number];
                    let (other, other_bytes) = held[&gone.id[0]];
                    prop_assert_ne!(other, Lane::Relay);
                    prop_assert_ne!(gone.id, id(number));
                    prop_assert!(other == own || other_bytes >= own_bytes);
                    prop_assert!(gone.is_whole || other != own);
                },
                Deed::Whole(number) => uploads.whole(id(number)),
                Deed::Claim(number) => uploads.forget(&[id(number)]),
                Deed::Wait(seconds) => now += Duration::from_secs(seconds),
                Deed::Evict(number) => {
                    let before = seen(&uploads, id(number));
                    let gone = uploads.evict(Some(id(number)), &[]);
                    prop_assert!(gone.is_none_or(|it| it.id != id(number) || it.is_whole));
                    prop_assert!(before.is_none() || gone.is_none_or(|it| it.bytes > 0));
                }
            }
            check(&uploads);
        }
    }
}

#[test]
fn slow_ones_give_up_their_places_and_quick_ones_only_where_it_is_fair() {
    let uploads = Uploads::new(BOUNDS);
    let start = Duration::from_secs(10);
    let (many, few, new) = (lane(2), lane(3), lane(4));
    for number in 0..3 {
        assert!(uploads.begin(id(number), many, start).is_some());
        assert!(uploads.begin(id(10 + number), few, start).is_some());
    }
    let later = start + Duration::from_secs(4);
    assert!(uploads.begin(id(20), new, start).is_none(), "not at once");
    for number in [0, 1, 2, 10, 11, 12] {
        uploads.came(id(number), 40);
    }
    // Quick ones, and one place against three: it is fair.
    assert!(uploads.begin(id(20), new, later).is_some());
    // Within the own lane only the slow give way.
    assert!(uploads.begin(id(21), few, later).is_none());
    let much_later = start + Duration::from_secs(400);
    assert!(uploads.begin(id(21), few, much_later).is_some());
}

#[test]
fn what_is_known_of_the_rows_is_one_senders_and_goes_first_where_it_is_most() {
    let uploads = Uploads::new(BOUNDS);
    let rows = [(id(1), 300), (id(2), 300)].into();
    uploads.reconcile(&rows);
    let own = lane(2);
    assert!(uploads.begin(id(3), own, Duration::ZERO).is_some());
    assert_eq!(uploads.grow(id(3), 390), Grown::Counted);
    uploads.whole(id(3));
    assert!(uploads.begin(id(4), lane(3), Duration::ZERO).is_some());
    let Grown::After(gone) = uploads.grow(id(4), 100) else {
        panic!("one of them goes");
    };
    assert!(gone.is_whole && gone.id != id(3));
    let left = if gone.id == id(1) { id(2) } else { id(1) };
    assert_eq!(uploads.grow(id(4), 100), Grown::Counted);
    uploads.reconcile(&[(left, 300)].into());
    assert!(
        seen(&uploads, id(3)).is_none(),
        "claimed on another machine"
    );
    assert!(seen(&uploads, id(4)).is_some(), "it is arriving");
}
