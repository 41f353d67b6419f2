//! Handing out a file of a case, to be saved; and a drawing of it, to be looked at.

use super::WebState;
use super::asked::{Admitted, Readers};
use super::page::{Page, render};
use super::refusal::refuse;
use crate::audit::Kind;
use crate::cases::AttachmentView;
use crate::casework::{self, OpenFile};
use crate::model::{CaseNumber, Viewer};
use crate::office::OfficeError;
use crate::viewer::{Drawable, Drawing, Limits, RenderError, Renderer};
use crate::views;
use actix_web::http::StatusCode;
use actix_web::http::header::{
    self, Charset, ContentDisposition, DispositionParam, DispositionType, ExtendedValue,
};
use actix_web::web::{Bytes, Data};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use futures_util::{Stream, stream};
use mifeng_foundation::streaming::{BrokenOff, PieceReceiver};

/// Most pages of a document that are shown.
const PAGES_MAX: u32 = 12;

#[derive(Template)]
#[template(path = "staff_view.html")]
struct ViewPage<'a> {
    p: &'a Page<'a>,
    number: &'a str,
    name: &'a str,
    /// PNG in base64, each with what it is called for those who do not see it.
    pages: Vec<(String, String)>,
    shown: String,
    /// Whether there are more pages than are shown.
    cut: bool,
    total: String,
    /// The pages that could not be drawn, in words; empty where there are none.
    skipped: String,
    /// Whether letters are missing.
    lacks_letters: bool,
    /// The key of why there is nothing to see; empty where there is.
    problem: &'a str,
}

pub(super) async fn download(
    who: Admitted<Readers>,
    request: HttpRequest,
    state: Data<WebState>,
) -> HttpResponse {
    let (lang, member) = (who.lang, who.viewer);
    match open(&request, &state, &member, Kind::FileSaved).await {
        Err(error) => refuse(&state, lang, Some(&member), &error),
        // The type is what a stranger said: the browser is not to act on it. `nosniff` stands on every answer.
        Ok(file) => HttpResponse::Ok()
            .content_type("application/octet-stream")
            .insert_header(disposition(&file.about.name))
            .insert_header((
                header::CONTENT_SECURITY_POLICY,
                "sandbox; default-src 'none'",
            ))
            .no_chunking(file.about.size_bytes)
            .streaming(pieces(file.content)),
    }
}

async fn open(
    request: &HttpRequest,
    state: &WebState,
    member: &Viewer,
    how: Kind,
) -> Result<OpenFile, OfficeError> {
    let matched = request.match_info();
    let number = CaseNumber::typed(matched.query("number"));
    let number = casework::current_number(&state.office, member, number);
    let mut id = [0; 16];
    match hex::decode_to_slice(matched.query("file"), &mut id) {
        Ok(()) => views::file(&state.office, member, &number, id, how).await,
        Err(_) => Err(OfficeError::NotYours),
    }
}

/// A picture or a document as plain pixels, drawn in a process that can do nothing else.
pub(super) async fn view(
    who: Admitted<Readers>,
    request: HttpRequest,
    state: Data<WebState>,
) -> HttpResponse {
    let (lang, member) = (who.lang, who.viewer);
    let file = match open(&request, &state, &member, Kind::FileViewed).await {
        Ok(file) => file,
        Err(error) => return refuse(&state, lang, Some(&member), &error),
    };
    let (name, kind) = (file.about.name.clone(), &file.about.media_type);
    let drawn = match (&state.renderer, Drawable::of_media_type(kind)) {
        (Some(renderer), Some(kind)) => draw(renderer, kind, file.content).await,
        _ => Err("view-not-drawable"),
    };
    let p = Page::new(&state, lang, Some(&member), "queue");
    let (drawing, problem) = match drawn {
        Ok(drawing) => (Some(drawing), ""),
        Err(problem) => (None, problem),
    };
    let drawing = drawing.as_ref();
    let pages_total = drawing.map_or(0, |it| it.pages_total);
    let skipped = drawing.map_or(&[][..], |it| it.skipped.as_slice());
    let pages = drawing.map_or(&[][..], |it| it.pages.as_slice());
    let numbers = (1..).filter(|number| !skipped.contains(number));
    let template = ViewPage {
        p: &p,
        number: request.match_info().query("number"),
        name: &name,
        shown: pages.len().to_string(),
        cut: pages.len() + skipped.len() < pages_total as usize,
        total: pages_total.to_string(),
        pages: numbers
            .zip(pages)
            .map(|(number, page)| (BASE64_STANDARD.encode(page), p.page_alt(number)))
            .collect(),
        skipped: p.say_skipped(skipped),
        lacks_letters: drawing.is_some_and(|it| it.lacks_letters),
        problem,
    };
    let mut answer = render(StatusCode::OK, &template);
    // The pixels come with the page: they are in no cache, and nothing is drawn twice.
    answer.headers_mut().insert(
        header::CONTENT_SECURITY_POLICY,
        header::HeaderValue::from_static(
            "default-src 'none'; style-src 'self'; img-src data:; form-action 'self'; \
             frame-ancestors 'none'; base-uri 'none'",
        ),
    );
    answer
}

async fn draw(
    renderer: &Renderer,
    kind: Drawable,
    mut content: PieceReceiver,
) -> Result<Drawing, &'static str> {
    let limits = Limits {
        pages: PAGES_MAX,
        ..Limits::default()
    };
    let mut bytes = Vec::new();
    while let Some(more) = content.take().await.map_err(|_| "view-damaged")? {
        if (bytes.len() + more.len()) as u64 > limits.input_bytes {
            return Err("view-too-large");
        }
        bytes.extend_from_slice(&more);
    }
    let drawn = renderer.render(kind, &bytes, limits).await;
    drawn.map_err(|error| match error {
        RenderError::TooLarge => "view-too-large",
        RenderError::Damaged => "view-damaged",
        RenderError::Encrypted => "view-encrypted",
        RenderError::Time | RenderError::Broke | RenderError::Start(_) => "view-failed",
    })
}

/// `attachment` with the name twice: in ASCII for old programs, and as RFC 8187 writes it.
fn disposition(name: &str) -> ContentDisposition {
    let name = without_places(name);
    let whole = ExtendedValue {
        charset: Charset::Ext("UTF-8".to_owned()),
        language_tag: None,
        value: name.clone().into_bytes(),
    };
    ContentDisposition {
        disposition: DispositionType::Attachment,
        parameters: vec![
            DispositionParam::Filename(in_ascii(&name)),
            DispositionParam::FilenameExt(whole),
        ],
    }
}

/// A name without what could lead to another place, turn the words around or is no sign at all.
fn without_places(name: &str) -> String {
    let harmful = |c: char| {
        c.is_control()
            || "/\\:*?\"<>|".contains(c)
            || matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    let clean: String = name
        .chars()
        .map(|c| if harmful(c) { '_' } else { c })
        .collect();
    let clean = clean.trim_matches([' ', '.', '_']);
    if clean.is_empty() { "file" } else { clean }.to_owned()
}

/// What of a name is ASCII, with its ending; `file` stands for letters that are not.
fn in_ascii(name: &str) -> String {
    let (stem, ending) = match name.rsplit_once('.') {
        Some((stem, ending)) if !stem.is_empty() && ending.len() <= 5 => (stem, ending),
        _ => (name, ""),
    };
    let parts = |text: &str| -> Vec<String> {
        let parts = text.split(|c: char| !c.is_ascii_alphanumeric());
        let parts = parts.filter(|part| !part.is_empty());
        parts.map(str::to_owned).collect()
    };
    let mut words = parts(stem);
    if words.is_empty() || !stem.is_ascii() {
        words.insert(0, "file".to_owned());
    }
    let ending = parts(ending).concat();
    let dot = if ending.is_empty() { "" } else { "." };
    format!("{}{dot}{ending}", words.join("-"))
}

fn pieces(content: PieceReceiver) -> impl Stream<Item = Result<Bytes, BrokenOff>> {
    stream::unfold(Some(content), async |content| {
        let mut content = content?;
        match content.take().await {
            Ok(None) => None,
            Ok(Some(bytes)) => Some((Ok(Bytes::from(bytes)), Some(content))),
            Err(broken) => Some((Err(broken), None)),
        }
    })
}

/// The key of what plays or opens a file that few programs know.
fn opened_with(media_type: &str) -> Option<&'static str> {
    Some(match media_type {
        "audio/silk" => "file-play-silk",
        "audio/amr" => "file-play-amr",
        "audio/x-caf" | "audio/x-ms-wma" | "video/x-ms-wmv" | "video/x-ms-asf" | "video/x-flv"
        | "video/mpeg" | "video/3gpp" | "video/3gpp2" => "file-play-any",
        "application/ofd" => "file-open-ofd",
        _ => return None,
    })
}

impl Page<'_> {
    /// A length as people say it.
    pub fn size(&self, bytes: u64) -> String {
        let (key, number) = match bytes {
            0..1_000_000 => ("size-kilobytes", bytes.div_ceil(1_000)),
            _ => ("size-megabytes", bytes.div_ceil(1_000_000)),
        };
        self.w.say_with(key, &[("number", &number.to_string())])
    }

    /// Whether a file of this type can be looked at here.
    pub fn can_view(&self, media_type: &str) -> bool {
        self.state.renderer.is_some() && Drawable::of_media_type(media_type).is_some()
    }

    /// That only some of the pages are shown.
    pub fn say_pages(&self, shown: &str, total: &str) -> String {
        let pages = [("shown", shown), ("total", total)];
        self.w.say_with("view-pages", &pages)
    }

    /// Which pages could not be drawn; nothing where all were.
    fn say_skipped(&self, pages: &[u32]) -> String {
        if pages.is_empty() {
            return String::new();
        }
        let numbers: Vec<_> = pages.iter().map(u32::to_string).collect();
        let list = numbers.join(", ");
        self.w.say_with("view-skipped", &[("list", &list)])
    }

    fn page_alt(&self, number: u32) -> String {
        let number = number.to_string();
        self.w.say_with("view-page", &[("number", &number)])
    }

    /// What there is to know of a file before it is opened, and with what it is.
    pub fn file_notes(&self, file: &AttachmentView) -> Vec<String> {
        let notes = [
            file.labelled_origin.then_some("file-labelled-origin"),
            file.under_password.then_some("file-under-password"),
            opened_with(&file.media_type),
        ];
        notes
            .into_iter()
            .flatten()
            .map(|key| self.w.say(key))
            .collect()
    }

    /// Where a file is.
    pub fn file_state(&self, state: crate::store::AttachmentState) -> String {
        self.w.say(&format!("file-{}", state.code()))
    }
}

#[cfg(test)]
mod tests;
