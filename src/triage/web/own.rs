//! One's own account: the code of one's key, and another password.

use super::WebState;
use super::account_form::{Wrong, leave_fields, leave_from};
use super::accounts::{refused, told};
use super::admission::{set_cookie, signed_in};
use super::asked::{Readers, Sent};
use super::page::{Notice, Page, SubmittedForm, failed, render, see};
use super::typed_form::Form;
use crate::model::Member;
use crate::staff::{PasswordError, SignedIn};
use actix_web::http::StatusCode;
use actix_web::web::{Data, Query};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use mifeng_foundation::clock::Day;
use mifeng_foundation::storage::StoreError;
use mifeng_foundation::words::Language;
use mifeng_sealing::{Recipient, RecipientError};
use std::collections::HashMap;
use std::sync::Arc;
use zeroize::Zeroizing;

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
        let mut recipients = state.desk.mail_recipients().await?.into_iter();
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
            feed_made: state.desk.feed_made(member).await?,
            feed: String::new(),
        })
    }
}

/// Fields of the form, the first one only for whoever has a password of her own.
const FIELDS: [&str; 3] = ["password-now", "password-new", "password-again"];

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

async fn page(
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
async fn page_with(
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

/// What is wrong with what was typed, before anything is hashed.
fn check(typed: &HashMap<String, String>) -> Result<(), Wrong> {
    let get = |name: &str| typed.get(name).map_or("", String::as_str);
    if get("password-new") != get("password-again") {
        return Err(("password-again", "error-passwords-differ"));
    }
    Ok(())
}

pub(super) async fn change(
    request: HttpRequest,
    state: Data<WebState>,
    form: Form<HashMap<String, String>>,
) -> HttpResponse {
    let (lang, member, who) = match signed_in(&request, &state).await {
        Ok(known) => known,
        Err(answer) => return answer,
    };
    let first = who.identity.is_none();
    let mut typed = form.into_inner();
    let wrong = async |wrong| page(&state, lang, &member, first, Some(wrong), "").await;
    if let Err(error) = check(&typed) {
        return wrong(error).await;
    }
    let mut take = |name: &str| Zeroizing::new(typed.remove(name).unwrap_or_default());
    let (now, new) = (take("password-now"), take("password-new"));
    drop(take("password-again"));
    if !first {
        let is_right = match is_right(&state, &member, now).await {
            Ok(is_right) => is_right,
            Err(error) => return failed(&state, lang, &error),
        };
        if !is_right {
            return wrong(("password-now", "error-password-now")).await;
        }
    }
    let passwords = &state.sign_in.passwords;
    let (zh, en) = &state.office_names;
    let about = [member.login.as_str(), &member.name, zh, en];
    if let Err(PasswordError::Common) = passwords.check_new(&new, &about).await {
        return wrong(("password-new", "error-password-common")).await;
    }
    let chosen = match passwords.choose(new.clone(), who.identity.as_deref()).await {
        Ok(chosen) => chosen,
        Err(PasswordError::Length) => return wrong(("password-new", "error-password")).await,
        Err(PasswordError::Common | PasswordError::Failed) => {
            let p = Page::new(&state, lang, Some(&member), "own");
            return p.plain(StatusCode::SERVICE_UNAVAILABLE, Notice::Failed);
        }
    };
    let keys = chosen.keys.clone();
    let accounts = state.desk.accounts(&*state.sign_in.store);
    if let Err(error) = accounts.choose(member.id, chosen).await {
        return match told(&error) {
            Some(error) => wrong(error).await,
            None => refused(&state, lang, Some(&member), error),
        };
    }
    // Whoever else was signed in with the old password is out; she goes on with her key.
    state.sign_in.sessions.end_all_of(member.id);
    let identity = match (who.identity, keys) {
        (Some(identity), _) => Some(identity),
        (None, Some(keys)) => passwords.open_identity(new, keys).await.ok().map(Arc::new),
        (None, None) => None,
    };
    let token = state.sign_in.sessions.start(SignedIn {
        member: member.id,
        identity,
        by_two: who.by_two,
    });
    let mut answer = see(&format!("/{lang}/own?changed=1"));
    set_cookie(&mut answer, &state, Some(token.expose()));
    answer
}

/// The days of one's own leave.
pub(super) async fn leave(sent: Sent<Readers>, state: Data<WebState>) -> HttpResponse {
    let (lang, viewer) = (sent.lang, sent.viewer);
    let typed = SubmittedForm {
        action: "leave".to_owned(),
        fields: sent.fields,
    };
    let wrong = match leave_from(&typed) {
        Ok(leave) => {
            let accounts = state.desk.accounts(&*state.sign_in.store);
            return match accounts.set_leave(&viewer, leave).await {
                Ok(()) => see(&format!("/{lang}/own?changed=leave")),
                Err(error) => refused(&state, lang, Some(&viewer), error),
            };
        }
        Err(wrong) => wrong,
    };
    page_with(&state, lang, &viewer, false, Some(wrong), "", typed).await
}

/// Has her mail sealed to a key of her own, or no longer.
pub(super) async fn seal_mail(
    request: HttpRequest,
    state: Data<WebState>,
    form: Form<HashMap<String, String>>,
) -> HttpResponse {
    let (lang, member, who) = match signed_in(&request, &state).await {
        Ok(known) => known,
        Err(answer) => return answer,
    };
    if who.identity.is_none() {
        return see(&format!("/{lang}/own"));
    }
    let typed = form.get("recipient").map_or("", |text| text.trim());
    let recipient = (!typed.is_empty()).then(|| typed.parse::<Recipient>());
    let recipient = match recipient.transpose() {
        Ok(recipient) => recipient,
        Err(error) => {
            let wrong = Some(("recipient", words_for(error)));
            return page(&state, lang, &member, false, wrong, "").await;
        }
    };
    match state.desk.seal_mail(&member, recipient.as_ref()).await {
        Ok(()) => see(&format!("/{lang}/own?changed=mail")),
        Err(error) => failed(&state, lang, &error),
    }
}

/// The key of the words that say what was typed in place of a recipient.
fn words_for(error: RecipientError) -> &'static str {
    match error {
        RecipientError::PrivateKey => "error-mail-private-key",
        RecipientError::PostQuantum => "error-mail-post-quantum",
        RecipientError::Plugin => "error-mail-plugin",
        RecipientError::Ssh => "error-mail-ssh",
        RecipientError::LowOrder | RecipientError::NotCanonical => "error-mail-weak",
        RecipientError::Blank | RecipientError::Malformed => "error-mail-recipient",
    }
}

pub(super) async fn is_right(
    state: &WebState,
    member: &Member,
    password: Zeroizing<String>,
) -> Result<bool, StoreError> {
    let credentials = state.sign_in.store.credentials(member.id).await?;
    let stored = credentials.map(|credentials| credentials.password);
    Ok(state.sign_in.passwords.verify(password, stored).await)
}
