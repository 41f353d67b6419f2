//! What the manifests of the demo's two offices say.

use super::ZONE;
use crate::OfficeDetails;
use mifeng_foundation::clock::Day;
use mifeng_sealing::{Contact, HelpLine, OfficeManifest, OwnWords, ParentOffice};
use std::collections::BTreeMap;

pub(super) fn details(slug: &str, name_zh: &str, name_en: &str, today: Day) -> OfficeDetails {
    OfficeDetails {
        slug: slug.to_owned(),
        name_zh: name_zh.to_owned(),
        name_en: name_en.to_owned(),
        time_zone: ZONE.to_owned(),
        today,
        not_after: today.plus_days(365),
        parent: None,
        // A number that is nobody's: 555 is kept free for fiction.
        contact: Contact {
            phone: "0555-0100".to_owned(),
            hours_zh: "工作日 8:30–12:00，14:30–17:30".to_owned(),
            hours_en: "working days 8:30–12:00 and 14:30–17:30".to_owned(),
            letter_box_zh: "办公楼一楼大厅左侧".to_owned(),
            letter_box_en: "ground-floor hall, on the left".to_owned(),
            emergency_phone: "110".to_owned(),
            quick_exit_url: "https://www.weather.com.cn/".to_owned(),
            help_lines: vec![help_line()],
            in_language: BTreeMap::from([("zh-Hant".to_owned(), in_traditional(slug))]),
        },
        relay_hosts: vec!["localhost".to_owned(), "127.0.0.1".to_owned()],
    }
}

/// The youth service line, which every Chinese city has.
fn help_line() -> HelpLine {
    let name = [
        ("zh-Hans", "青少年服务热线"),
        ("zh-Hant", "青少年服務熱線"),
        ("en", "Youth service line"),
    ];
    HelpLine {
        phone: "12355".to_owned(),
        name: name
            .map(|(tag, name)| (tag.to_owned(), name.to_owned()))
            .into(),
    }
}

fn in_traditional(slug: &str) -> OwnWords {
    let city = "青溪市教育局";
    let county = "青溪縣教育和科學技術局";
    OwnWords {
        name: if slug == "qingxi" { county } else { city }.to_owned(),
        parent_name: city.to_owned(),
        hours: "工作日 8:30–12:00，14:30–17:30".to_owned(),
        letter_box: "辦公樓一樓大廳左側".to_owned(),
    }
}

pub(super) fn as_parent(manifest: &OfficeManifest) -> ParentOffice {
    let body = manifest.body();
    ParentOffice {
        slug: body.slug.clone(),
        name_zh: body.name_zh.clone(),
        name_en: body.name_en.clone(),
        recipients: body.recipients.clone(),
    }
}
