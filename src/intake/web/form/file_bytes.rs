//! The bytes of one file of a form as they arrive, counted, each within the time for it.

use super::multipart::why;
use crate::problem::Problem;
use crate::request::Pace;
use actix_multipart::Field;
use actix_web::web::Bytes;
use futures_util::Stream;
use std::cell::Cell;
use std::pin::Pin;
use std::task::{Context, Poll};

/// The bytes of one file, counted, each within the time for it.
pub(super) struct FileBytes<'a> {
    part: &'a mut Field,
    counted: &'a Cell<u64>,
    patience: &'a Pace,
    begun: bool,
    wait: Option<Pin<Box<tokio::time::Sleep>>>,
    /// The parser must not be asked again then.
    ended: bool,
    /// Why the whole form broke off here.
    broken: Option<Problem>,
}

impl<'a> FileBytes<'a> {
    /// Those of `part`, which are added to what is `counted`.
    pub(super) fn new(part: &'a mut Field, counted: &'a Cell<u64>, patience: &'a Pace) -> Self {
        Self {
            part,
            counted,
            patience,
            begun: false,
            wait: None,
            ended: false,
            broken: None,
        }
    }

    /// Why the whole form broke off here, if it did.
    pub(super) fn broken(&self) -> Option<Problem> {
        self.broken
    }
}

impl Stream for FileBytes<'_> {
    type Item = Result<Bytes, ()>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.ended {
            return Poll::Ready(None);
        }
        if !self.begun {
            // Until now it may have waited for its place.
            self.begun = true;
            self.patience.begin();
        }
        match Pin::new(&mut *self.part).poll_next(context) {
            Poll::Ready(Some(Ok(bytes))) => {
                self.counted.set(self.counted.get() + bytes.len() as u64);
                self.patience.came(bytes.len());
                self.wait = None;
                Poll::Ready(Some(Ok(bytes)))
            }
            Poll::Ready(Some(Err(error))) => {
                self.ended = true;
                self.broken = Some(why(error));
                Poll::Ready(Some(Err(())))
            }
            Poll::Ready(None) => {
                self.ended = true;
                // For what comes behind it, were it as slow as it may be.
                self.patience.begin();
                Poll::Ready(None)
            }
            Poll::Pending => {
                let until = self.patience.deadline();
                let wait = self
                    .wait
                    .get_or_insert_with(|| Box::pin(tokio::time::sleep_until(until)));
                if wait.as_mut().poll(context).is_ready() {
                    self.ended = true;
                    self.broken = Some(Problem::Malformed);
                    return Poll::Ready(Some(Err(())));
                }
                Poll::Pending
            }
        }
    }
}
