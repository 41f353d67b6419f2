//! One's own account: the code of one's key, and another password.

use super::WebState;
use super::account_form::{Wrong, leave_fields};
use super::admission::signed_in;
use super::own_changes::FIELDS;
use super::page::{Page, SubmittedForm, failed, render};
use crate::administration;
use crate::model::Member;
use crate::views;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Query};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use mifeng_foundation::clock::Day;
use mifeng_foundation::storage::StoreError;
use mifeng_foundation::words::Language;
use std::collections::HashMap;

#[derive(Template)]
#[template(path = "staff_own.html")]
struct OwnPage<'a> {
    p: &'a Page<'a>,
    /// Whether somebody else set the password: then there is nothing here but to choose another.
    first: bool,
    reads: bool,
    confirmed: bool,
    code: String,
    fields: &'static [&'static str],
    wrong: (&'static str, String),
    done: String,
    /// The leave as typed or kept.
    leave: SubmittedForm,
    more: More,
}

/// What else one has set up.
struct More {
    /// The second factor: `on`, `off`, or `needed` where the role needs one and there is none.
    factor: &'static str,
    /// To whom mail is sealed; empty for nobody.
    recipient: String,
    /// Whether what is kept of an earlier version cannot be sealed to, so that no mail goes out until that is changed.
    unusable: bool,
    /// The day on which the calendar of due days was made, if there is one.
    feed_made: Option<Day>,
    /// Its address, on the page that made it and on no other.
    feed: String,
}

impl More {
    async fn of(state: &WebState, member: &Member) -> Result<Self, StoreError> {
        let factor = state.sign_in.store.second_factor(member.id).await?;
        let mut recipients = administration::mail_recipients(&state.office)
            .await?
            .into_iter();
        let recipient = recipients.find(|(id, _)| *id == member.id);
        let recipient = recipient.as_ref();
        Ok(Self {
            factor: match factor {
                Some(_) => "on",
                None if state.sign_in.by_two.contains(&member.role) => "needed",
                None => "off",
            },
            recipient: match recipient {
                Some((_, Ok(one))) => one.to_string(),
                Some((_, Err(_))) | None => String::new(),
            },
            unusable: matches!(recipient, Some((_, Err(_)))),
            feed_made: views::feed_made(&state.office, member).await?,
            feed: String::new(),
        })
    }
}

impl OwnPage<'_> {
    /// Since when there is a calendar, in words; empty where there is none.
    fn feed_made(&self) -> String {
        let made = self.more.feed_made.map(|day| {
            let day = day.to_string();
            self.p.w.say_with("feed-made", &[("day", &day)])
        });
        made.unwrap_or_default()
    }

    fn wrong(&self, field: &str) -> &str {
        if self.wrong.0 == field {
            &self.wrong.1
        } else {
            ""
        }
    }
}

pub(super) async fn page(
    state: &WebState,
    lang: Language,
    member: &Member,
    first: bool,
    wrong: Option<Wrong>,
    done: &str,
) -> HttpResponse {
    let leave = as_kept(member);
    page_with(state, lang, member, first, wrong, done, leave).await
}

/// The page with the address of a calendar that was just made.
pub(super) async fn with_feed(
    state: &WebState,
    lang: Language,
    member: &Member,
    feed: String,
) -> HttpResponse {
    match More::of(state, member).await {
        Ok(more) => {
            let more = More { feed, ..more };
            drawn(
                state,
                lang,
                member,
                false,
                None,
                "",
                (as_kept(member), more),
            )
        }
        Err(error) => failed(state, lang, &error),
    }
}

/// The leave as it is kept.
fn as_kept(member: &Member) -> SubmittedForm {
    SubmittedForm {
        action: "leave".to_owned(),
        fields: leave_fields(member.leave).into(),
    }
}

/// The page with a leave as it was typed.
pub(super) async fn page_with(
    state: &WebState,
    lang: Language,
    member: &Member,
    first: bool,
    wrong: Option<Wrong>,
    done: &str,
    leave: SubmittedForm,
) -> HttpResponse {
    match More::of(state, member).await {
        Ok(more) => drawn(state, lang, member, first, wrong, done, (leave, more)),
        Err(error) => failed(state, lang, &error),
    }
}

fn drawn(
    state: &WebState,
    lang: Language,
    member: &Member,
    first: bool,
    wrong: Option<Wrong>,
    done: &str,
    (leave, more): (SubmittedForm, More),
) -> HttpResponse {
    let mut p = Page::new(state, lang, Some(member), "own");
    p.bare = first;
    let status = wrong.map_or(StatusCode::OK, |_| StatusCode::UNPROCESSABLE_ENTITY);
    let said = |key: &str| p.w.say(key);
    render(
        status,
        &OwnPage {
            p: &p,
            first,
            reads: member.role.reads_tips(),
            confirmed: member.confirmed,
            code: member
                .key_code()
                .map(|code| code.to_string())
                .unwrap_or_default(),
            fields: &FIELDS[usize::from(first)..],
            wrong: wrong
                .map(|(field, key)| (field, said(key)))
                .unwrap_or_default(),
            done: p.say_if(done),
            leave,
            more,
        },
    )
}

pub(super) async fn show(
    request: HttpRequest,
    state: Data<WebState>,
    query: Query<HashMap<String, String>>,
) -> HttpResponse {
    match signed_in(&request, &state).await {
        Ok((lang, member, who)) => {
            let done = match query.get("changed").map(String::as_str) {
                Some("leave") => "leave-changed",
                Some("mail") => "own-mail-changed",
                Some(_) => "own-changed",
                None => "",
            };
            page(&state, lang, &member, who.identity.is_none(), None, done).await
        }
        Err(answer) => answer,
    }
}
