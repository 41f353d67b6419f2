//! Every page in every language: said whole, in its own characters, and in the language that its address names.

use super::Intake;
use mifeng_foundation::words::Language;

/// Characters that only simplified Chinese has, of those that these pages would use.
const SIMPLIFIED: &str = "们这个来时说过为学对发动进种样没关问题应该还让给见听读写记请谁调询语课责队办处务备复条错误边远运达连适选递邮银钥锁开启闭阅额类页顾预频颗骗验号叶吗员响团园国图圆场坏块声够头夹奖妇娱宁实宠审宪宽宾导尔尘尝层属岁师帐带帮庙库废异张强归录彻径忆态总恶恼惊惯愿护报担拟拥择挂挥损换据掷摄携敌数断无旧显术机杀杂权极构标树桥检欢残毁毕气汇汉沟泪泽洁测浏济浓涂涨渐温湾湿满滚滞灭灵灾炉点热爱牵犹狱独猎现环电画畅疗监盖盘码礼离积称稳穷窃笔签简纠红级纪纯纸线练组细织终绍经结绕络绝统继绩续维综绿编缘缩网罗职联脑脚脸节虑虽补规觉览触计订认讨训议讯讲许论设访证评识诉词试话详诸谈谢谱贝负败货质购费资赏赖赚赞趋跃践车转轮软轻载较辅辈输迁迟遗释键长门闪间闻阳阶际陆陈险随隐难雾静项顺须顿领颜风飞饭饮馆马驱鱼鸟麦黄齐龄龙";

#[tokio::test]
async fn pages_speak_the_language_of_their_address() {
    let intake = Intake::furnished().await;
    let mut anonymous = intake.anonymous();
    // What the browser likes is of no account once an address names a language.
    anonymous.language = "fr";
    for language in Language::ALL.iter().map(|it| it.tag()) {
        let mut pages = Vec::new();
        for name in [
            "", "write", "check", "help", "poster", "card", "none", "l/none", "l/",
        ] {
            let path = format!("/qingxi/{language}/{name}");
            pages.push((path.clone(), anonymous.get(&path).await));
        }
        for (name, fields) in [
            ("write", [("category", "other"), ("text", "")]),
            ("check", [("pickup_code", "1234"), ("text", "")]),
        ] {
            let path = format!("/qingxi/{language}/{name}");
            pages.push((path.clone(), anonymous.form(&path, &fields).await));
        }
        for (path, page) in pages {
            assert!(
                page.text.contains(&format!("<html lang=\"{language}\"")),
                "{path}"
            );
            let large = page.text.contains(" class=\"large\"");
            assert_eq!(large, path.contains("/l/"), "{path}");
            let office = match language {
                "zh-Hans" => "清溪县教育局",
                "zh-Hant" => "清溪縣教育局",
                _ => "Qingxi County Education Bureau",
            };
            assert!(page.text.contains(office), "{path}");
            // The office's hours are not given in traditional characters, nor is the parent's name.
            let own = ["工作日 8:30–17:30", "市教育局", "青少年热线", "简体中文"];
            let text = own
                .iter()
                .fold(page.text, |text, words| text.replace(words, ""));
            let foreign: String = text.chars().filter(|c| SIMPLIFIED.contains(*c)).collect();
            let none = foreign.is_empty();
            assert_eq!(none, language != "zh-Hans", "{path}: {foreign}");
        }
    }
    intake.stop().await;
}

/// An office that has no name in a language: nobody makes one up, its name in another one is shown and marked as that,
/// and whoever runs the service is told at its start.
#[tokio::test]
async fn a_name_that_is_missing_is_borrowed_marked_and_told_of() {
    let intake = Intake::unlimited().await;
    for name in ["", "write", "poster", "card"] {
        for (language, marked) in [
            ("zh-Hans", "教育局"),
            ("zh-Hant", " lang=\"zh-Hans\">清溪县教育局"),
            ("en", "Qingxi County"),
        ] {
            let path = format!("/qingxi/{language}/{name}");
            let page = intake.anonymous().get(&path).await.text;
            assert!(page.contains(marked), "{path}: {page}");
            let is_borrowed = page.contains(" lang=\"zh-Hans\">清溪县教育局");
            assert_eq!(is_borrowed, language == "zh-Hant", "{path}");
        }
    }
    intake.stop().await;
    let furnished = Intake::furnished().await;
    let page = furnished.anonymous().get("/qingxi/zh-Hant/").await.text;
    assert!(page.contains("<b>清溪縣教育局</b>"), "{page}");
    furnished.stop().await;

    let place = crate::crash::place::Place::make();
    let _service = place.start_intake().await;
    let log = place.log();
    let told = "language=\"zh-Hant\" keys=\"contact.in_language.zh-Hant.name";
    assert!(
        log.contains("words missing in the manifest") && log.contains(told),
        "{log}"
    );
}

#[tokio::test]
async fn the_reporters_language_goes_with_the_tip() {
    let intake = Intake::unlimited().await;
    let fields = [("category", "gifts"), ("text", "收了紅包")];
    let answer = intake
        .anonymous()
        .form("/qingxi/zh-Hant/write", &fields)
        .await;
    assert_eq!(answer.status, 200);
    assert_eq!(intake.triage().only_tip().await.language, Language::ZhHant);
    let mut tip = super::tip("gifts", "收了紅包");
    tip["language"] = "zh-Hant".into();
    assert_eq!(intake.anonymous().api("tips", &tip).await.status, 201);
    tip["language"] = "tlh".into();
    let refused = intake.anonymous().api("tips", &tip).await;
    assert_eq!(refused.status, 422);
    assert!(
        refused.text.contains("zh-Hans / zh-Hant / en"),
        "{}",
        refused.text
    );
    intake.stop().await;
}

#[tokio::test]
async fn titles_say_what_a_page_is_for_and_no_more() {
    let intake = Intake::unlimited().await;
    let anonymous = intake.anonymous();
    let mut titles = Vec::new();
    for name in ["", "write", "check", "help", "poster", "card", "none"] {
        let page = anonymous.get(&format!("/qingxi/en/{name}")).await.text;
        let (_, rest) = page.split_once("<title>").expect("a title");
        let title = rest.split("</title>").next().unwrap_or_default().to_owned();
        for telling in ["report", "tip", "Qingxi", "Bureau", "tutor"] {
            assert!(
                !title.to_lowercase().contains(&telling.to_lowercase()),
                "{title}"
            );
        }
        assert!(!titles.contains(&title), "two pages are called {title}");
        titles.push(title);
    }
    intake.stop().await;
}
