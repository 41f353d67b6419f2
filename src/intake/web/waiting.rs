//! The page of those who wait: it is sent at once, grows while they wait, and ends as the page that answers their form.
//! Nothing has to be pressed, nothing is sent twice, and what they wrote stands on it, should it be cut off.

use super::files_view::FilesView;
use super::page::Page;
use super::respond::{HTML, main_of};
use super::write::{Answer, Ready};
use crate::flood::{Place, Turn};
use crate::problem::Problem;
use crate::rate_limits::RateLimits;
use actix_web::HttpResponse;
use actix_web::web::{Bytes, Data};
use askama::Template;
use futures_util::StreamExt as _;
use mifeng_sealing::tip::{RawTip, Tip};
use std::convert::Infallible;
use std::time::Duration;
use tokio::sync::mpsc::{Sender, channel};

/// How often one who waits asks whose turn it is.
const ASK_AGAIN: Duration = Duration::from_millis(500);

/// Something is sent at least every so many times, so that nobody on the way takes the connection for dead.
const SILENT_MAX: u32 = 10;

/// Where the page stops, to go on with one line at a time.
const TURNS: &str = "<!--turns-->";

/// Where the page goes on once the turn has come.
const ANSWER: &str = "<!--answer-->";

/// Hides what was said while waiting.
const WAITED: &str = r#"<link rel="stylesheet" href="/assets/waited.css">"#;

#[derive(Template)]
#[template(path = "waiting.html")]
struct WaitingPage<'a> {
    page: &'a Page<'a>,
    code: &'a str,
    typed: &'a RawTip,
    files: FilesView,
}

/// One who waits, and where the answer goes.
struct Waiter {
    ready: Ready,
    tip: Tip,
    place: Place,
    limits: Data<RateLimits>,
    to: Sender<Bytes>,
}

/// The page for `ready`, whose `place` has so many before it.
pub(super) fn wait(
    ready: Ready,
    tip: Tip,
    place: Place,
    ahead: usize,
    limits: Data<RateLimits>,
) -> HttpResponse {
    let page = ready.page();
    let rendered = WaitingPage {
        page: &page,
        code: ready.code.digits(),
        typed: &ready.raw,
        files: FilesView::new(&page, &ready.desk, &ready.raw.attachments, &ready.findings),
    }
    .render();
    let Ok(html) = rendered else {
        return HttpResponse::InternalServerError().finish();
    };
    // One chunk is under way, one is being made.
    let (to, mut lines) = channel(1);
    let waiter = Waiter {
        ready,
        tip,
        place,
        limits,
        to,
    };
    actix_web::rt::spawn(waiter.run(html, ahead));
    let lines = futures_util::stream::poll_fn(move |context| lines.poll_recv(context));
    HttpResponse::Ok()
        .content_type(HTML)
        // nginx would keep the page back until it is whole.
        .insert_header(("x-accel-buffering", "no"))
        .streaming(lines.map(Ok::<_, Infallible>))
}

impl Waiter {
    /// Until the turn has come, or nobody listens any more: then all of it is dropped, and the place kept for a while.
    async fn run(self, html: String, ahead: usize) {
        let (head, rest) = html.split_once(TURNS).unwrap_or((&html, ""));
        let (middle, tail) = rest.split_once(ANSWER).unwrap_or((rest, ""));
        let line = self.line(ahead);
        if self.tell(format!("{head}{line}")).await.is_none() {
            return;
        }
        if let Some(answer) = self.wait(ahead).await {
            let main = answer.html.as_deref().map_or("", main_of);
            // Whoever is gone by now sends the form again, and has the same answer.
            let _ = self.tell(format!("{middle}{WAITED}{main}{tail}")).await;
        }
    }

    async fn wait(&self, mut told: usize) -> Option<Answer> {
        let mut silent = 0;
        loop {
            tokio::time::sleep(ASK_AGAIN).await;
            if self.to.is_closed() {
                return None;
            }
            let turn = self.limits.flood().turn(self.place);
            match turn {
                Turn::Now => return Some(self.ready.store(&self.tip).await),
                Turn::NoRoom => return Some(self.ready.again(Problem::NO_ROOM)),
                Turn::Ahead(ahead) if ahead != told => {
                    (told, silent) = (ahead, 0);
                    self.tell(self.line(ahead)).await?;
                }
                Turn::Ahead(_) => silent += 1,
            }
            if silent >= SILENT_MAX {
                silent = 0;
                self.tell("\n".to_owned()).await?;
            }
        }
    }

    fn line(&self, ahead: usize) -> String {
        let page = self.ready.page();
        let minutes = self.limits.flood().minutes_for(ahead).to_string();
        let words = match ahead {
            0 => page.say("wait-next"),
            _ => page.say_two(
                "wait-ahead",
                "number",
                &ahead.to_string(),
                "minutes",
                &minutes,
            ),
        };
        // Words of our own and numbers: nothing to escape.
        format!("<li>{words}</li>\n")
    }

    /// `None` once nobody listens.
    async fn tell(&self, html: String) -> Option<()> {
        self.to.send(Bytes::from(html)).await.ok()
    }
}
