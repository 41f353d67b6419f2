//! Tips that name somebody, in every way in which people write a name, and tips that do not: other people with similar names,
//! words that are names, ordinary texts. By these it is measured whether a name is found, and how often somebody is kept from a
//! tip without reason. Everything in them is invented.

mod chance;
mod disguise;
mod others;
mod spelling;
mod texts;
mod ways;

pub use others::not_naming;
pub use ways::{Way, naming};

use super::{Held, Part, Person, Text};

/// A tip as far as names stand in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tip {
    /// The school's field.
    pub school: String,
    /// Who it is about, as typed.
    pub subject: String,
    /// The account.
    pub text: String,
}

impl Tip {
    /// The same, ready for names to be looked for.
    #[must_use]
    pub fn folded(&self) -> Text {
        let mut text = Text::default();
        text.add_to(Part::School, &self.school);
        text.add_to(Part::Subject, &self.subject);
        text.add(&self.text);
        text
    }
}

/// Invented colleagues: rare and common names, of two letters and more, that are words, with readings of surnames, with dots.
#[must_use]
pub fn people() -> Vec<Person> {
    let person = |name: &str, title: &str, unit: &str| Person {
        names: vec![name.to_owned()],
        exact_names: Vec::new(),
        titles: vec![Held::always(title)],
        agreeing: vec![unit.to_owned()],
    };
    vec![
        person("温以宁", "督导室主任", "督导室"),
        person("钟铭锋", "基教股股长", "基教股"),
        person("王芳", "政教股副股长", "政教股"),
        person("安全", "职成股股长", "职成股"),
        person("高兴", "办公室主任", "办公室"),
        person("李想", "人事股股长", "人事股"),
        person("欧阳晓岚", "副局长", "局机关"),
        person("阿依古丽·买买提", "民教股股长", "民教股"),
        person("吕绿漪", "计财股股长", "计财股"),
        person("单雪梅", "监察室主任", "监察室"),
        person("仇建军", "安稳股股长", "安稳股"),
        person("解小东", "电教馆馆长", "电教馆"),
        person("黄建国", "局长", "局机关"),
        person("马长龙", "党组书记", "局机关"),
        person("曾敏", "体卫艺股股长", "体卫艺股"),
        person("方圆", "督学", "督导室"),
    ]
}
