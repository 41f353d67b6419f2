//! Tests of `retention`.

use super::*;

fn day(text: &str) -> Day {
    text.parse().expect("a day")
}

#[test]
fn the_rules_that_come_with_the_program_are_whole_and_say_that_nobody_checked_them() {
    let rules = Retention::default().rules;
    assert!(rules.iter().all(|rule| !rule.checked));
    assert!(rules.iter().all(|rule| !rule.source_zh.is_empty()));
}

#[test]
fn an_ending_without_a_rule_or_with_two_is_refused() {
    let without = DEFAULT_RULES.replace("of = [\"cleared\"]", "of = []");
    let twice = DEFAULT_RULES.replace("of = [\"cleared\"]", "of = [\"cleared\", \"declined\"]");
    for (text, ending) in [(without, Ending::Cleared), (twice, Ending::Declined)] {
        let refused = Retention::new(&text);
        assert!(matches!(refused, Err(RulesError::Ending(of)) if of == ending));
    }
    for (from, to) in [
        ("version = 1", "version = 2"),
        ("length = 10", "length = 0"),
        ("length = 10", "length_days = 10"),
        ("\"cleared\"\nof", "\"Cleared by\"\nof"),
        ("unit = \"years\"", "unit = \"decades\""),
        ("objection_days = 30", "objection_days = 29"),
        ("objection_days = 30", "objection_day = 30"),
        ("aftercare_days = [30, 90]", "aftercare_days = [30, 89]"),
        ("aftercare_days = [30, 90]", "aftercare_days = []"),
        ("quiet_days = 30", "quiet_days = 0"),
        ("quiet_days = 30\n", ""),
    ] {
        let refused = Retention::new(&DEFAULT_RULES.replacen(from, to, 1));
        assert!(refused.is_err(), "{to}");
    }
}

#[test]
fn rules_without_windows_have_those_of_the_program() {
    let (before, after) = DEFAULT_RULES.split_once("[windows]").expect("a section");
    let (_, after) = after.split_once("\n\n").expect("its end");
    let without = Retention::new(&format!("{before}{after}")).expect("rules");
    assert_eq!(without.windows, Retention::default().windows);
}

#[test]
fn years_and_months_are_those_of_the_calendar() {
    let mut rule = Retention::default().rules.remove(0);
    assert_eq!(rule.kept_until(day("2024-02-29")), day("2034-02-28"));
    (rule.length, rule.unit) = (1, Unit::Months);
    assert_eq!(rule.kept_until(day("2026-01-31")), day("2026-02-28"));
    (rule.length, rule.unit) = (30, Unit::Days);
    assert_eq!(rule.kept_until(day("2026-01-31")), day("2026-03-02"));
}
