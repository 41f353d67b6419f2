//! Two tips laid beside each other, as a page shows them. Opened when a person opens the comparison, and kept nowhere.

use crate::model::{CaseNumber, CaseState};
use mifeng_foundation::clock::Day;
use mifeng_foundation::words::Language;
use mifeng_sealing::tip::Category;
use mifeng_similarity::{Amount, Explanation, Said, Tier, Veto};
use std::ops::Range;

/// Why a part of a text is marked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// It is not.
    Plain,
    /// Text that tips about many schools have in common: not compared.
    Template,
    /// A clause that both have.
    Sentence,
    /// Rare words that both have.
    Rare,
    /// What only the later one says.
    New,
}

impl Mark {
    /// Every mark that shows, in the order in which one goes before the other.
    pub const SHOWN: [Self; 4] = [Self::Template, Self::Sentence, Self::Rare, Self::New];

    /// The word in the page's classes and the end of its key of words.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Template => "template",
            Self::Sentence => "sentence",
            Self::Rare => "rare",
            Self::New => "new",
        }
    }
}

/// A part of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// The words as they were typed.
    pub text: String,
    /// Why they are marked.
    pub mark: Mark,
}

/// Cuts `text` where marks begin and end. Of two that cover a part, the one that comes first counts.
#[must_use]
pub fn pieces(text: &str, marked: &[(Mark, &[Range<usize>])]) -> Vec<Piece> {
    let mut cuts: Vec<usize> = marked
        .iter()
        .flat_map(|(_, ranges)| ranges.iter().flat_map(|range| [range.start, range.end]))
        .chain([0, text.len()])
        .filter(|at| text.is_char_boundary(*at))
        .collect();
    cuts.sort_unstable();
    cuts.dedup();
    let mut pieces: Vec<Piece> = Vec::new();
    for part in cuts.windows(2) {
        let covers = |range: &Range<usize>| range.start <= part[0] && part[1] <= range.end;
        let mark = marked
            .iter()
            .find(|(_, ranges)| ranges.iter().any(covers))
            .map_or(Mark::Plain, |(mark, _)| *mark);
        let words = &text[part[0]..part[1]];
        match pieces.last_mut() {
            Some(last) if last.mark == mark => last.text.push_str(words),
            _ => pieces.push(Piece {
                text: words.to_owned(),
                mark,
            }),
        }
    }
    pieces
}

/// One of the two.
#[derive(Clone)]
pub struct Side {
    /// The tip's number.
    pub number: CaseNumber,
    /// The case it is handled in.
    pub case: CaseNumber,
    /// That case's version, for changes.
    pub version: i64,
    /// How many tips are handled together there.
    pub tips: usize,
    /// Where it stands.
    pub state: CaseState,
    /// What it is about.
    pub category: Category,
    /// School, as typed.
    pub school: String,
    /// Who, as typed.
    pub subject: String,
    /// When, as typed.
    pub when: String,
    /// The account, in parts.
    pub pieces: Vec<Piece>,
    /// The reporter's language.
    pub language: Language,
    /// Day of receipt.
    pub received_day: Day,
}

/// What the later tip says that the earlier does not.
#[derive(Clone, Default)]
pub struct NewsView {
    /// Clauses.
    pub clauses: Vec<String>,
    /// Full names.
    pub names: Vec<String>,
    /// Contacts.
    pub contacts: Vec<String>,
    /// Sums in yuan, at least and at most.
    pub sums: Vec<Amount>,
    /// Days.
    pub days: Vec<Day>,
}

impl NewsView {
    /// Whether it says nothing new.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.clauses.is_empty()
            && self.names.is_empty()
            && self.contacts.is_empty()
            && self.sums.is_empty()
            && self.days.is_empty()
    }

    /// What an explanation found new in `text`.
    #[must_use]
    pub fn of(explained: &Explanation, text: &str) -> Self {
        let news = &explained.news;
        let clause = |range: &Range<usize>| text.get(range.clone()).map(str::to_owned);
        Self {
            clauses: news.clauses.iter().filter_map(clause).collect(),
            names: news.names.clone(),
            contacts: news.contacts.clone(),
            sums: news.sums.clone(),
            days: news.days.clone(),
        }
    }
}

/// Two tips beside each other, with what speaks for and against that they are about the same.
#[derive(Clone)]
pub struct Comparison {
    /// The one that came first.
    pub earlier: Side,
    /// The one that came later.
    pub later: Side,
    /// How near they are.
    pub tier: Tier,
    /// What forbids proposing them.
    pub veto: Option<Veto>,
    /// What speaks for and against, the weightiest first.
    pub said: Vec<Said>,
    /// Days from the earlier to the later.
    pub days_apart: i32,
    /// Whether text was left out of the comparison because tips about many schools have it.
    pub has_template: bool,
    /// What is new.
    pub news: NewsView,
    /// Whether they are handled together already.
    pub joined: bool,
    /// Whether a person holds them apart.
    pub held_apart: bool,
}

impl Comparison {
    /// The closed case that joining would open again, because the other is not closed.
    #[must_use]
    pub fn reopens(&self) -> Option<&CaseNumber> {
        let (one, other) = (&self.earlier, &self.later);
        match (one.state.is_finished(), other.state.is_finished()) {
            (true, false) if !other.is_running() => Some(&one.case),
            (false, true) if !one.is_running() => Some(&other.case),
            _ => None,
        }
    }

    /// The tip that joining would accept, because the other's case was decided on.
    #[must_use]
    pub fn accepts(&self) -> Option<&CaseNumber> {
        let (one, other) = (&self.earlier, &self.later);
        let waits = |side: &Side| side.state == CaseState::Received;
        match (waits(one), waits(other)) {
            (true, false) if other.is_running() => Some(&one.number),
            (false, true) if one.is_running() => Some(&other.number),
            _ => None,
        }
    }

    /// Whether they are proposed for joining.
    #[must_use]
    pub fn is_proposed(&self) -> bool {
        self.tier >= Tier::Maybe && !self.held_apart
    }
}

impl Side {
    fn is_running(&self) -> bool {
        !self.state.is_finished() && self.state != CaseState::Received
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_where_marks_begin_and_end_and_says_the_same() {
        let text = "金鹭花园补课，每次一百八。";
        let at = |from: usize, to: usize| from * 3..to * 3;
        let (rare, sentence) = ([at(0, 4)], [at(0, 6)]);
        let cut = pieces(text, &[(Mark::Rare, &rare), (Mark::Sentence, &sentence)]);
        let told: Vec<_> = cut.iter().map(|it| (it.text.as_str(), it.mark)).collect();
        let expected = [
            ("金鹭花园", Mark::Rare),
            ("补课", Mark::Sentence),
            ("，每次一百八。", Mark::Plain),
        ];
        assert_eq!(told, expected);
        // A range that would cut a character in two is left out.
        let odd = [1..4, 0..text.len() + 9];
        let whole: String = pieces(text, &[(Mark::New, &odd)])
            .into_iter()
            .map(|it| it.text)
            .collect();
        assert_eq!(whole, text);
        assert!(pieces("", &[]).is_empty());
    }
}
