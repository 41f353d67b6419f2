//! What a member changes of her own account: password, days away, key for mail.

use super::WebState;
use super::account_form::{Wrong, leave_from};
use super::accounts::{refused, told};
use super::admission::{set_cookie, signed_in};
use super::asked::{Readers, Sent};
use super::own::{page, page_with};
use super::page::{Notice, Page, SubmittedForm, failed, see};
use super::typed_form::Form;
use crate::administration;
use crate::administration::Accounts;
use crate::model::Member;
use crate::staff::{PasswordError, SignedIn};
use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use mifeng_foundation::storage::StoreError;
use mifeng_sealing::{Recipient, RecipientError};
use std::collections::HashMap;
use std::sync::Arc;
use zeroize::Zeroizing;

/// Fields of the form, the first one only for whoever has a password of her own.
pub(super) const FIELDS: [&str; 3] = ["password-now", "password-new", "password-again"];

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
    let accounts = Accounts::new(&state.office, &*state.sign_in.store);
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
            let accounts = Accounts::new(&state.office, &*state.sign_in.store);
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
    match administration::seal_mail(&state.office, &member, recipient.as_ref()).await {
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
