//! What stands under the address of an office that is not served now: that nothing can be taken here, and where to turn instead.
//! It shows nothing that the office's own manifest says, since that is what cannot be trusted.

use super::page::Page;
use super::respond::show_with;
use super::words::words;
use crate::desk::IntakeDesk;
use crate::offices::Refused;
use crate::problem::Problem;
use actix_web::HttpResponse;
use askama::Template;
use mifeng_foundation::words::Language;
use mifeng_sealing::OfficeManifest;

#[derive(Template)]
#[template(path = "not_served.html")]
struct NotServed<'a> {
    slug: &'a str,
    language: Language,
    above: Option<&'a OfficeManifest>,
    exit_url: &'a str,
}

impl NotServed<'_> {
    fn say(&self, key: &str) -> String {
        words(self.language).say(key)
    }

    fn name_of<'b>(&self, above: &'b OfficeManifest) -> String {
        let page: Page<'b> = Page::new(above, self.language, false, Page::PROBLEM);
        page.office_name().to_owned()
    }

    fn say_above(&self, above: &OfficeManifest) -> String {
        let name = self.name_of(above);
        words(self.language).say_with("not-served-above", &[("office", &name)])
    }

    fn languages(&self) -> Vec<(&'static Language, String)> {
        let all = Language::ALL.iter();
        all.map(|language| (language, format!("/{}/{}/", self.slug, language.tag())))
            .collect()
    }
}

/// The page for `office`.
pub(super) fn not_served(desk: &IntakeDesk, office: &Refused, language: Language) -> HttpResponse {
    let above = office.above.as_ref();
    let above = above.and_then(|slug| desk.offices.served.get(slug));
    let above = above.map(AsRef::as_ref);
    let exit = above.or_else(|| desk.front_office());
    let exit = exit.map(|office| Page::new(office, language, false, Page::PROBLEM));
    let template = NotServed {
        slug: office.slug.as_deref().unwrap_or_default(),
        language,
        above,
        exit_url: exit.as_ref().map_or("/", Page::exit_url),
    };
    show_with(Problem::NotServed.status(), &template)
}
