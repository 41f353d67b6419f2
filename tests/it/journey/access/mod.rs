//! The public pages for everyone: machines that read aloud, keyboards, narrow and magnified windows, other colours, no
//! motion, paper. Every page in every state, in every language, with scripts and without.

mod gallery;
mod keyboard;
mod made_by_script;
mod staff;
mod states;

use super::browser::{Browser, Scripts};
use super::devtools::Taste;
use fantoccini::Locator;
use gallery::Gallery;
use serde_json::{Value, json};

/// Rules of WCAG 2.2 AA, and what axe's makers hold good besides.
const RULES: [&str; 6] = [
    "wcag2a",
    "wcag2aa",
    "wcag21a",
    "wcag21aa",
    "wcag22aa",
    "best-practice",
];

/// The checker, from npm as `make test` installs it.
pub(super) fn axe() -> String {
    let file = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/tests/node/node_modules/axe-core/axe.min.js"
    );
    std::fs::read_to_string(file).expect("`make test` installs axe-core")
}

/// Rules broken on the page that is open, with the places.
pub(super) async fn broken(browser: &Browser, axe: &str) -> Vec<String> {
    let script = format!(
        "{axe};const done = arguments[arguments.length - 1];\
         axe.run(document, {{runOnly: {{type: 'tag', values: arguments[0]}}, resultTypes: ['violations']}})\
         .then((it) => done({{passes: it.passes.length, violations: it.violations}}), (why) => done(String(why)));"
    );
    let found = browser
        .client
        .execute_async(&script, vec![json!(RULES)])
        .await;
    let found = found.expect("axe runs");
    assert!(
        found["passes"].as_u64() > Some(5),
        "axe found nothing to look at: {found}"
    );
    let violations = found["violations"].as_array().expect("a list");
    violations.iter().map(told).collect()
}

fn told(violation: &Value) -> String {
    let nodes = violation["nodes"].as_array().map_or(&[][..], Vec::as_slice);
    let places: Vec<String> = nodes.iter().map(|node| node["html"].to_string()).collect();
    format!("{}: {}", violation["id"], places.join(" "))
}

/// Elements that reach beyond the window, where the page can be scrolled sideways.
pub(super) async fn too_wide(browser: &Browser) -> Vec<Value> {
    let script = "const wide = document.documentElement.scrollWidth > window.innerWidth; \
                  return wide ? [...document.querySelectorAll('body *')] \
                  .filter((it) => it.getBoundingClientRect().right > innerWidth + 1 || it.scrollWidth > innerWidth) \
                  .map((it) => it.outerHTML.slice(0, 120)) : []";
    let found = browser.value(script).await;
    found.as_array().cloned().unwrap_or_default()
}

/// A code that was typed must be seen whole, to be compared with the paper.
const CODE_IS_CUT_OFF: &str = "const it = document.querySelector('#pickup_code'); return !!it && it.scrollWidth > it.clientWidth";

async fn nothing_is_broken(scripts: bool, width: u32) {
    let gallery = Gallery::open().await;
    let browser = Browser::open(Scripts::On, 1280, "zh-CN").await;
    browser.widen(width).await;
    let axe = axe();
    let mut wrong = Vec::new();
    for (number, state) in gallery.states.iter().enumerate() {
        browser.go(&gallery.address(number, scripts)).await;
        let place = format!("{} {} at {width}", state.name, state.language);
        let found = broken(&browser, &axe).await;
        wrong.extend(found.into_iter().map(|told| format!("{place}: {told}")));
        let wide = too_wide(&browser).await;
        wrong.extend(
            wide.into_iter()
                .map(|html| format!("{place}: too wide: {html}")),
        );
        if browser.value(CODE_IS_CUT_OFF).await == true {
            wrong.push(format!("{place}: the code does not fit its field"));
        }
        let how = if scripts { "" } else { "-off" };
        let picture = format!("{}-{}-{width}{how}", state.name, state.language);
        browser.whole_picture(&picture).await;
    }
    assert!(gallery.states.len() > 80, "{} pages", gallery.states.len());
    browser.close().await;
    gallery.close().await;
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn nothing_is_broken_on_a_phone_with_scripts() {
    Box::pin(nothing_is_broken(true, 360)).await;
}

#[tokio::test]
async fn nothing_is_broken_on_a_phone_without_scripts() {
    Box::pin(nothing_is_broken(false, 360)).await;
}

#[tokio::test]
async fn nothing_is_broken_on_a_desk_with_scripts() {
    Box::pin(nothing_is_broken(true, 1280)).await;
}

#[tokio::test]
async fn nothing_is_broken_on_a_desk_without_scripts() {
    Box::pin(nothing_is_broken(false, 1280)).await;
}

/// The check itself finds what is wrong.
#[tokio::test]
async fn the_check_finds_what_is_broken() {
    let gallery = Gallery::open().await;
    let browser = Browser::open(Scripts::On, 1280, "en").await;
    browser.widen(360).await;
    let form = gallery
        .states
        .iter()
        .position(|state| state.name == "form")
        .expect("a form");
    browser.go(&gallery.address(form, true)).await;
    let spoil = "document.querySelector('label[for=text]').remove(); \
                 document.documentElement.removeAttribute('lang'); \
                 const it = document.querySelector('h1'); it.textContent = 'x'.repeat(400); \
                 it.classList.add('spoilt'); it.attributeStyleMap.set('overflow-wrap', 'normal'); return 1";
    browser.value(spoil).await;
    let found = broken(&browser, &axe()).await.join("\n");
    for rule in ["label", "html-has-lang"] {
        assert!(found.contains(rule), "{rule}: {found}");
    }
    assert!(!too_wide(&browser).await.is_empty());
    browser.close().await;
    gallery.close().await;
}

/// 320 points is 1280 at four times the size; 640 is 1280 at twice.
#[tokio::test]
async fn nothing_scrolls_sideways_however_magnified() {
    let gallery = Gallery::open().await;
    let browser = Browser::open(Scripts::On, 1280, "zh-CN").await;
    let mut wrong = Vec::new();
    // Twice the reader's own size of letters, in the window of a phone and of a desk.
    let doubled = "const root = document.documentElement; const size = parseFloat(getComputedStyle(root).fontSize); \
                   root.attributeStyleMap.set('font-size', CSS.px(size * 2)); return size";
    for (number, state) in gallery.states.iter().enumerate() {
        browser.go(&gallery.address(number, true)).await;
        for width in [320, 640, 768] {
            browser.widen(width).await;
            let wide = too_wide(&browser).await;
            wrong.extend(
                wide.iter()
                    .map(|it| format!("{} {} {width}: {it}", state.name, state.language)),
            );
            if width == 320 && state.language == "en" {
                browser.whole_picture(&format!("{}-320", state.name)).await;
            }
        }
        // The large version doubled is two and a half times the normal one: more than is asked for, and kept to where
        // words are copied down.
        if state.name.ends_with("-large") && state.name != "code-large" {
            continue;
        }
        browser.value(doubled).await;
        for width in [360, 1280] {
            browser.widen(width).await;
            let wide = too_wide(&browser).await;
            wrong.extend(
                wide.iter()
                    .map(|it| format!("{} {} doubled {width}: {it}", state.name, state.language)),
            );
            if width == 360 && state.language == "zh-Hant" {
                browser
                    .whole_picture(&format!("{}-doubled", state.name))
                    .await;
            }
        }
    }
    browser.close().await;
    gallery.close().await;
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// In dark, in the system's own few colours, and without motion.
#[tokio::test]
async fn every_taste_is_served() {
    let gallery = Gallery::open().await;
    let browser = Browser::open(Scripts::On, 1280, "zh-CN").await;
    browser.widen(360).await;
    let axe = axe();
    let mut wrong = Vec::new();
    let moving = "return [...document.querySelectorAll('*')].filter((it) => { const s = getComputedStyle(it); \
                  return s.animationName !== 'none' || parseFloat(s.transitionDuration) > 0 \
                  || s.scrollBehavior === 'smooth' }).length";
    let shapeless = "return [...document.querySelectorAll('.button:not([hidden]), .exit, input[type=text], textarea')] \
                     .filter((it) => it.getClientRects().length && parseFloat(getComputedStyle(it).borderTopWidth) < 1).length";
    for (number, state) in gallery.states.iter().enumerate() {
        if state.language == "en" {
            continue;
        }
        browser.go(&gallery.address(number, true)).await;
        for taste in [Taste::Dark, Taste::ForcedColors, Taste::ReducedMotion] {
            browser.taste(taste).await;
            let place = format!("{} {} {taste:?}", state.name, state.language);
            match taste {
                Taste::Dark => wrong.extend(
                    broken(&browser, &axe)
                        .await
                        .into_iter()
                        .map(|told| format!("{place}: {told}")),
                ),
                Taste::ForcedColors => assert_eq!(browser.value(shapeless).await, 0, "{place}"),
                _ => assert_eq!(browser.value(moving).await, 0, "{place}"),
            }
            if state.language == "zh-Hant" && taste != Taste::ReducedMotion {
                browser
                    .whole_picture(&format!("{}-{taste:?}", state.name))
                    .await;
            }
        }
        browser.taste(Taste::Light).await;
    }
    browser.close().await;
    gallery.close().await;
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A poster is one sheet; its QR code is there, and nothing of the page around it.
#[tokio::test]
async fn a_poster_is_one_sheet() {
    let gallery = Gallery::open().await;
    let browser = Browser::open(Scripts::On, 1280, "zh-CN").await;
    for (number, state) in gallery.states.iter().enumerate() {
        if !matches!(state.name, "poster" | "code" | "code-large") {
            continue;
        }
        browser.go(&gallery.address(number, true)).await;
        let sheets = browser
            .print(&format!("{}-{}", state.name, state.language))
            .await;
        assert_eq!(sheets, 1, "{} {}", state.name, state.language);
    }
    browser.close().await;
    gallery.close().await;
}

/// The way out is on every page, and what it cannot do stands in words on the page, not in a hint that needs a mouse.
#[tokio::test]
async fn the_way_out_is_on_every_page() {
    let gallery = Gallery::open().await;
    let browser = Browser::open(Scripts::On, 1280, "zh-CN").await;
    browser.widen(360).await;
    for (number, state) in gallery.states.iter().enumerate() {
        browser.go(&gallery.address(number, false)).await;
        let place = format!("{} {}", state.name, state.language);
        let exits = browser
            .client
            .find_all(Locator::Css("a.exit, a.skip[rel=noreferrer]"))
            .await;
        let exits = exits.expect("a list");
        assert_eq!(exits.len(), 2, "{place}: in the bar and as a skip link");
        for exit in exits {
            let href = exit.attr("href").await.expect("an attribute");
            assert_eq!(href.as_deref(), Some("https://weather.example/"), "{place}");
        }
        let text = browser.text().await;
        let honest = match state.language {
            "zh-Hans" => "浏览记录还在",
            "zh-Hant" => "瀏覽紀錄還在",
            _ => "Your history remains",
        };
        assert!(text.contains(honest), "{place}");
    }
    browser.close().await;
    gallery.close().await;
}
