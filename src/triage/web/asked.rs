//! What a handler takes from a request: who is admitted, in which language, about which case, and with which form.

use super::WebState;
use super::admission::admit;
use super::typed_form::Form;
use crate::model::{CaseNumber, Role, Viewer};
use actix_web::dev::Payload;
use actix_web::error::InternalError;
use actix_web::web::Data;
use actix_web::{Error, FromRequest, HttpRequest};
use futures_util::future::{LocalBoxFuture, Ready, ready};
use mifeng_foundation::words::Language;
use std::collections::HashMap;
use std::marker::PhantomData;

/// The roles that a page is for.
pub(super) trait Roles: 'static {
    const ALLOWED: &'static [Role];
}

macro_rules! roles {
    ($($(#[doc = $doc:literal])* $name:ident: $($role:ident)*;)*) => {
        $(
            $(#[doc = $doc])*
            pub(super) struct $name;

            impl Roles for $name {
                const ALLOWED: &'static [Role] = &[$(Role::$role),*];
            }
        )*
    };
}

roles! {
    /// Those who read cases.
    Readers: Dispatcher Investigator Supervisor;
    /// Those who see all cases, sign as the second person and vouch for keys.
    Officers: Dispatcher Supervisor;
    /// Those who write down calls, letters and visits.
    Typists: Dispatcher Investigator;
    /// Those who look at figures.
    Supervisors: Supervisor;
    /// Those who come with a passphrase or a share of it. None of them gets anything by it that is not his.
    Keepers: Dispatcher Supervisor Administrator;
    /// Those who read the routing rules.
    RuleReaders: Dispatcher Supervisor Administrator;
    /// Those who write them.
    RuleWriters: Dispatcher Administrator;
    /// Those who keep accounts.
    Administrators: Administrator;
    /// Those who read the audit log.
    Auditors: Auditor;
}

/// Who asks, in one of the roles `R`, and in which language. Whoever is not admitted has got an answer, and no handler is called;
/// a role's refusal is on record.
pub(super) struct Admitted<R> {
    pub lang: Language,
    pub viewer: Viewer,
    roles: PhantomData<R>,
}

impl<R: Roles> FromRequest for Admitted<R> {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let state = Data::<WebState>::extract(&request).await?;
            match admit(&request, &state, R::ALLOWED).await {
                Ok((lang, viewer)) => Ok(Self {
                    lang,
                    viewer,
                    roles: PhantomData,
                }),
                Err(answer) => Err(InternalError::from_response("not admitted", answer).into()),
            }
        })
    }
}

/// The number of the case in the address.
pub(super) struct Number(pub CaseNumber);

impl FromRequest for Number {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self(CaseNumber::typed(
            request.match_info().query("number"),
        ))))
    }
}

/// A form that somebody in one of the roles `R` sent. It is read before it is asked who sent it: what is too large is refused
/// to everybody alike.
pub(super) struct Sent<R> {
    pub lang: Language,
    pub viewer: Viewer,
    pub fields: HashMap<String, String>,
    roles: PhantomData<R>,
}

impl<R: Roles> FromRequest for Sent<R> {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self, Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let form = Form::<HashMap<String, String>>::from_request(request, payload);
        let request = request.clone();
        Box::pin(async move {
            let fields = form.await?.into_inner();
            let Admitted {
                lang,
                viewer,
                roles,
            } = Admitted::<R>::extract(&request).await?;
            Ok(Self {
                lang,
                viewer,
                fields,
                roles,
            })
        })
    }
}
