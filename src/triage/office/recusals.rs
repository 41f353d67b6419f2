//! What each member may have nothing to do with, made ready once for as long as the account and the rules are the same.

use crate::model::{Member, MemberId};
use crate::office::Office;
use crate::routing::{Recusal, Rules};
use parking_lot::Mutex;
use std::collections::HashMap;
use std::sync::Arc;

/// As the account and the rules were.
struct Ready {
    member: Member,
    rules: Arc<Rules>,
    recusal: Arc<Recusal>,
}

/// What was made ready of each member.
#[derive(Default)]
pub(crate) struct Recusals(Mutex<HashMap<MemberId, Ready>>);

impl Office {
    /// What a member may have nothing to do with.
    pub(crate) fn recusal_of(&self, member: &Member) -> Arc<Recusal> {
        let rules = self.rules();
        let ready = |ready: &Ready| Arc::ptr_eq(&ready.rules, &rules) && ready.member == *member;
        // What stands in the map is whole at any moment: a panic elsewhere spoils nothing of it.
        let mut known = self.recusals.0.lock();
        if let Some(one) = known.get(&member.id).filter(|one| ready(one)) {
            return Arc::clone(&one.recusal);
        }
        let recusal = Arc::new(Recusal::of(member, &rules));
        let one = Ready {
            member: member.clone(),
            rules,
            recusal: Arc::clone(&recusal),
        };
        known.insert(member.id, one);
        recusal
    }
}
