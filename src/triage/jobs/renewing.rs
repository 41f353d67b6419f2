//! Making the index of sketches anew after cases were destroyed, beside the one in use: its lists hold nothing of them then,
//! and copies and templates are as if they had never come.

use crate::office::Office;
use mifeng_similarity::{Index, Renewed};
use parking_lot::RwLockWriteGuard;

/// Ends the taking of notes, if making the index anew is broken off.
struct Noting<'a>(&'a Office);

impl Drop for Noting<'_> {
    fn drop(&mut self) {
        self.0
            .caseload_mut(|caseload| caseload.index_mut().end_renewal());
    }
}

/// Makes the index of sketches anew if it holds anything of a case that was destroyed: once for as many as there were. Nobody
/// waits for it but for some steps that were done meanwhile.
pub(super) async fn renew_index(office: &Office) {
    let standing = {
        let mut caseload = office.caseload.write();
        if !caseload.index_mut().begin_renewal() {
            return;
        }
        // What stands is what stood when it began: nothing is done between the two.
        RwLockWriteGuard::downgrade(caseload).standing()
    };
    let _noting = Noting(office);
    let mut renewed = on_blocking_thread(move || standing.into_index()).await;
    loop {
        match office.caseload_mut(|caseload| caseload.index_mut().renew(renewed)) {
            Renewed::Done(before) | Renewed::NotWanted(before) => {
                // Memory is wiped as it is given back.
                return on_blocking_thread(move || drop(before)).await;
            }
            Renewed::Behind(behind, steps) => {
                renewed = on_blocking_thread(move || {
                    let mut renewed: Index = *behind;
                    steps.repeat_on(&mut renewed);
                    renewed
                })
                .await;
            }
        }
    }
}

/// Does what takes long where no request is answered.
async fn on_blocking_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|cause| std::panic::resume_unwind(cause.into_panic()))
}
