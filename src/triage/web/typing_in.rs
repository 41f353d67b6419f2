//! Typing in a call, a letter or a visit, and the code that its reporter is given.

use super::WebState;
use super::asked::{Admitted, Sent, Typists};
use super::fields::Forms;
use super::page::{Page, SubmittedForm, render};
use super::refusal::{refuse, told};
use crate::ingest::{self, TYPED_CHANNELS, TypedIn, channel_code};
use crate::model::Viewer;
use crate::office::OfficeError;
use crate::views;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use askama::Template;
use mifeng_foundation::words::Language;
use mifeng_sealing::PickupCode;
use mifeng_sealing::tip::{Category, RawTip, Tip, TipError};

/// The name of the form and of its page.
const FORM: &str = "type-in";

#[derive(Template)]
#[template(path = "staff_type_in.html")]
struct TypeInPage<'a> {
    p: &'a Page<'a>,
    f: &'a SubmittedForm,
    form: Forms<'a>,
    /// The code that the reporter will be given, all 28 digits.
    code: String,
    today: String,
}

impl TypeInPage<'_> {
    fn channels(&self) -> Vec<(&'static str, String)> {
        let name = |code: &'static str| (code, self.p.w.say(&format!("channel-{code}")));
        TYPED_CHANNELS.map(channel_code).map(name).to_vec()
    }

    /// Every kind but that of the office's own people, which is for the office above.
    fn kinds(&self) -> Vec<(String, String)> {
        let kinds = Category::ALL.iter();
        let kinds = kinds.filter(|kind| **kind != Category::OfficeStaff);
        kinds
            .map(|kind| (kind.to_string(), self.p.category(kind)))
            .collect()
    }

    #[expect(clippy::unused_self, reason = "templates call methods of the page")]
    fn languages(&self) -> [(&'static str, &'static str); 3] {
        [
            ("zh-Hans", "简体中文"),
            ("zh-Hant", "繁體中文"),
            ("en", "English"),
        ]
    }
}

#[derive(Template)]
#[template(path = "staff_typed_in.html")]
struct TypedInPage<'a> {
    p: &'a Page<'a>,
    number: String,
    groups: Vec<String>,
    /// Whether intake cannot be reached now.
    away: bool,
}

pub(super) async fn show(who: Admitted<Typists>, state: Data<WebState>) -> HttpResponse {
    form(
        &state,
        who.lang,
        &who.viewer,
        &SubmittedForm::default(),
        None,
    )
}

fn form(
    state: &WebState,
    lang: Language,
    viewer: &Viewer,
    typed: &SubmittedForm,
    wrong: Option<(StatusCode, &'static str, &'static str)>,
) -> HttpResponse {
    let p = Page::new(state, lang, Some(viewer), FORM);
    // The same code again, so that what is sent twice is one tip; not where it stands for another.
    let kept = PickupCode::parse(typed.get("code")).ok();
    let kept = kept.filter(|_| wrong.is_none_or(|(_, _, key)| key != "error-code-used"));
    let code = kept.unwrap_or_else(|| PickupCode::generate(&*state.entropy));
    let status = wrong.map_or(StatusCode::OK, |(status, ..)| status);
    let error = wrong.map(|(_, field, key)| (field, p.w.say(key)));
    let page = TypeInPage {
        p: &p,
        f: typed,
        form: Forms {
            typed,
            error: error.unwrap_or_default(),
        },
        code: code.digits().to_owned(),
        today: state.office.today().to_string(),
    };
    render(status, &page)
}

pub(super) async fn send(sent: Sent<Typists>, state: Data<WebState>) -> HttpResponse {
    let (lang, viewer) = (sent.lang, sent.viewer);
    let typed = SubmittedForm {
        action: FORM.to_owned(),
        fields: sent.fields,
    };
    match take(&state, &viewer, &typed).await {
        Ok((number, code)) => {
            let p = Page::new(&state, lang, Some(&viewer), FORM);
            let groups = code.groups().into_iter().map(str::to_owned).collect();
            let health = views::pull_health(&state.office);
            let page = TypedInPage {
                p: &p,
                number,
                groups,
                away: health.overdue || health.last_ok_s.is_none(),
            };
            render(StatusCode::OK, &page)
        }
        Err(error) => match told(&error) {
            Some(wrong) => form(&state, lang, &viewer, &typed, Some(wrong)),
            None => refuse(&state, lang, Some(&viewer), &error),
        },
    }
}

async fn take(
    state: &WebState,
    viewer: &Viewer,
    typed: &SubmittedForm,
) -> Result<(String, PickupCode), OfficeError> {
    let text = |name: &str| typed.get(name).to_owned();
    let tip = Tip::parse(&RawTip {
        category: text("category"),
        school: text("school"),
        subject: text("subject"),
        when: text("when"),
        text: text("text"),
        language: text("language"),
        attachments: Vec::new(),
        only_above: false,
    });
    let tip = tip.map_err(unsound)?;
    let mut channels = TYPED_CHANNELS.into_iter();
    let channel = channels.find(|channel| channel_code(*channel) == typed.get("channel"));
    let day = typed.get("day").trim().parse();
    let code = PickupCode::parse(typed.get("code"));
    let code = code.map_err(|_| OfficeError::Unsound("", "error-code-used"))?;
    let typed_in = TypedIn {
        tip: &tip,
        channel: channel.ok_or(OfficeError::Unsound("channel", "error-channel"))?,
        day: day.map_err(|_| OfficeError::Unsound("day", "error-day"))?,
        code: &code,
    };
    let number = ingest::type_in(&state.office, viewer, &typed_in).await?;
    Ok((number.0, code))
}

fn unsound(error: TipError) -> OfficeError {
    match error {
        TipError::NoCategory | TipError::UnknownCategory => {
            OfficeError::Unsound("category", "error-category")
        }
        TipError::UnknownLanguage => OfficeError::Unsound("language", "error-language"),
        TipError::EmptyText => OfficeError::Unsound("text", "error-bad-text"),
        error => OfficeError::Unsound(error.field(), "error-bad-text"),
    }
}
