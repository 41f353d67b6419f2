//! Invented tips with their truth: for training, tests and the benchmark. Nobody and no place in them is real.

mod chance;
mod edit;
mod matters;
mod school_tips;
mod splice;
mod street;
mod words;

pub use chance::Chance;
pub use school_tips::school_tips;
pub use splice::spliced;
pub use street::{bench_tip, street_tips};

use serde::Serialize;

/// An invented tip.
#[derive(Clone, Debug, Serialize)]
pub struct MadeTip {
    /// Its name.
    pub tip: String,
    /// When it came.
    pub submitted: String,
    /// A title; empty where the channel has none.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// The account.
    pub text: String,
    /// Equal values tell of one incident.
    pub incident: u32,
    /// The flood it is part of.
    pub campaign: Option<u32>,
    /// How it was made.
    pub kind: &'static str,
    /// Its language.
    pub lang: &'static str,
}

/// An invented school, in the form of a school list.
#[derive(Clone, Debug, Serialize)]
pub struct MadeSchool {
    /// Full name.
    pub full: String,
    /// Short forms.
    pub alias: Vec<String>,
    /// Its teachers.
    pub staff: Vec<String>,
}

/// Tips before they are put in order.
#[derive(Default)]
struct Pile {
    tips: Vec<(i64, MadeTip)>,
}

/// The first minute of the invented years.
const FIRST_DAY: i32 = 18_900;
const MINUTES_A_DAY: i64 = 1440;

impl Pile {
    fn put(&mut self, minute: i64, tip: MadeTip) {
        self.tips.push((minute, tip));
    }

    /// In order of arrival, named by it.
    fn in_order(mut self) -> Vec<MadeTip> {
        self.tips.sort_by_key(|(minute, _)| *minute);
        let numbered = self.tips.into_iter().enumerate();
        numbered
            .map(|(number, (minute, tip))| MadeTip {
                tip: format!("G{number:06}"),
                submitted: time(minute),
                ..tip
            })
            .collect()
    }
}

fn time(minute: i64) -> String {
    let day = i32::try_from(minute.div_euclid(MINUTES_A_DAY)).unwrap_or(0);
    let of_day = minute.rem_euclid(MINUTES_A_DAY);
    let day = mifeng_foundation::clock::Day::from_number(FIRST_DAY + day)
        .map_or_else(|_| String::new(), |day| day.to_string());
    format!("{day} {:02}:{:02}", of_day / 60, of_day % 60)
}
