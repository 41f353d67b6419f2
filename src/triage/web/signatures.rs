//! Changes of accounts that wait for an officer: signed, refused with a reason, or taken back by whoever asked.

use super::WebState;
use super::accounts::refused;
use super::admission::admit;
use super::asked::{Administrators, Officers, Roles};
use super::page::{Notice, Page, see};
use crate::administration::{AccountError, Accounts, RequestView};
use crate::cases::{OpenObjection, SigningLine, SigningOf};
use crate::model::{Member, Role, Urgency};
use crate::staff::RequestKind;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Form};
use actix_web::{HttpRequest, HttpResponse};
use mifeng_foundation::entropy::parse_id;
use std::borrow::Borrow;
use std::collections::HashMap;

/// What can be done with one, by the last word of the address.
pub const ANSWERS: [&str; 3] = ["approve", "refuse", "withdraw"];

impl Page<'_> {
    /// What is to be done to an account.
    pub fn request_kind(&self, kind: impl Borrow<RequestKind>) -> String {
        self.w.say(&format!("request-{}", kind.borrow().code()))
    }

    /// What waits for a signature.
    pub fn signing_of(&self, line: &SigningLine) -> String {
        self.w.say(&format!("signing-{}", line.of.code()))
    }

    /// Where it stands on the case's page.
    #[expect(clippy::unused_self, reason = "templates call methods of the page")]
    pub fn signing_place(&self, line: &SigningLine) -> &'static str {
        match line.of {
            SigningOf::Closing => "#closing",
            SigningOf::Deletion => "#end",
            SigningOf::Passing => "#pass-up",
            SigningOf::Declining => "#declined",
        }
    }

    /// How an objection presses: the class of its badge, and the words in it.
    pub fn objection_due(&self, one: &OpenObjection) -> (&'static str, String) {
        let urgency = Urgency::of(one.days_left);
        (
            urgency.code(),
            self.due_in(urgency, one.days_left.unwrap_or(0)),
        )
    }

    /// To how many cases it takes access away.
    pub fn request_loss(&self, request: &RequestView) -> String {
        let (cases, orphaned) = (request.cases.to_string(), request.orphaned.to_string());
        let said = [("cases", cases.as_str()), ("orphaned", &orphaned)];
        self.w.say_with("request-loss", &said)
    }

    /// What is changed of the account, a line each: what it is called, and from what to what.
    pub fn request_changes(&self, request: &RequestView) -> Vec<String> {
        let fields = |member: &Member| {
            let schools: Vec<_> = member
                .recused_schools
                .iter()
                .map(|id| self.school(id))
                .collect();
            let separator = self.w.say("list-separator");
            [
                ("name", member.name.clone()),
                ("role", self.role(member.role).clone()),
                ("unit", member.unit.clone().unwrap_or_default()),
                ("keys-schools", schools.join(&separator)),
                ("keys-names", member.recused_names.join(&separator)),
            ]
        };
        let pairs = fields(&request.before)
            .into_iter()
            .zip(fields(&request.after));
        let changed = pairs.filter(|((_, before), (_, after))| before != after);
        changed
            .map(|((key, before), (_, after))| {
                let colon = self.w.say("colon");
                format!("{}{colon}{before} → {after}", self.w.say(key))
            })
            .collect()
    }
}

pub(super) async fn answer(
    request: HttpRequest,
    state: Data<WebState>,
    form: Form<HashMap<String, String>>,
) -> HttpResponse {
    let word = request.match_info().query("answer");
    let allowed: &[Role] = if word == "withdraw" {
        Administrators::ALLOWED
    } else {
        Officers::ALLOWED
    };
    let (lang, viewer) = match admit(&request, &state, allowed).await {
        Ok(admitted) => admitted,
        Err(answer) => return answer,
    };
    let Some(id) = parse_id(request.match_info().query("id")) else {
        return Page::new(&state, lang, Some(&viewer), "keys")
            .plain(StatusCode::NOT_FOUND, Notice::Missing);
    };
    let accounts = Accounts::new(&state.office, &*state.sign_in.store);
    let reason = form.get("reason").map_or("", String::as_str);
    let done = match word {
        "approve" => accounts.approve_request(&viewer, id).await.map(|member| {
            state.sign_in.sessions.end_all_of(member);
            state.sign_in.pending.end_all_of(member);
        }),
        "refuse" => accounts.refuse_request(&viewer, id, reason).await,
        "withdraw" => accounts.withdraw_request(&viewer, id).await,
        _ => Err(AccountError::Missing),
    };
    let back = if word == "withdraw" {
        "accounts"
    } else {
        "keys"
    };
    match done {
        Ok(()) => see(&format!("/{lang}/{back}")),
        Err(error) => refused(&state, lang, Some(&viewer), error),
    }
}
