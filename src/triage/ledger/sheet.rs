//! A table that leaves the office, as a file: put together in memory, never in a temporary file.

use mifeng_foundation::clock::Day;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format as Look, Workbook, XlsxError};
use std::borrow::Cow;
use unicode_normalization::UnicodeNormalization as _;

/// Widest column, in characters.
const WIDEST_CHARS: u16 = 40;
/// Longest text of a cell: what programs for tables take, in the units that they count by (UTF-16).
const CELL_MAX_UNITS: usize = 32_767;

/// What the file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Text with commas, UTF-8.
    Csv,
    /// A workbook of one sheet.
    Xlsx,
}

impl Format {
    /// Every one.
    pub const ALL: [Self; 2] = [Self::Csv, Self::Xlsx];

    /// The end of the file's name.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
        }
    }

    /// The one with this word.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|one| one.code() == code)
    }

    /// Its media type.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// Words.
    Text(String),
    /// A day.
    Day(Day),
    /// A count.
    Count(u32),
}

impl Cell {
    fn as_text(&self) -> Cow<'_, str> {
        match self {
            Self::Empty => Cow::Borrowed(""),
            Self::Text(text) => Cow::Borrowed(text),
            Self::Day(day) => Cow::Owned(day.to_string()),
            Self::Count(count) => Cow::Owned(count.to_string()),
        }
    }
}

/// A table.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// The names of its columns.
    pub columns: Vec<String>,
    /// Its rows, each as long as `columns`.
    pub rows: Vec<Vec<Cell>>,
    /// The day it is of: no time stands in the file.
    pub day: Day,
    /// What stands at the end of a text that had to be cut.
    pub cut: String,
}

impl Sheet {
    /// The file; `None` if the table does not fit into one.
    #[must_use]
    pub fn to_file(&self, format: Format) -> Option<Vec<u8>> {
        match format {
            Format::Csv => self.to_csv().ok(),
            Format::Xlsx => self.to_xlsx().ok(),
        }
    }

    /// A text as long as a cell may be: one that is longer is cut, and says so at its end.
    fn fitting<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let units = |text: &str| text.chars().map(char::len_utf16).sum::<usize>();
        // With the apostrophes that it may get.
        if units(&guarded(text)) <= CELL_MAX_UNITS {
            return Cow::Borrowed(text);
        }
        let said = format!("… {}", self.cut);
        // Each line may get an apostrophe before it, the first of them too.
        let mut room = CELL_MAX_UNITS.saturating_sub(units(&said) + 1);
        let mut end = 0;
        for (at, c) in text.char_indices() {
            let needs = c.len_utf16() + usize::from(ends_line(c));
            if room < needs {
                break;
            }
            room -= needs;
            end = at + c.len_utf8();
        }
        Cow::Owned(format!("{}{said}", &text[..end]))
    }

    fn to_csv(&self) -> Result<Vec<u8>, csv::Error> {
        // Without the mark at the beginning, common programs take Chinese for another encoding.
        let mut writer = csv::WriterBuilder::new()
            .terminator(csv::Terminator::CRLF)
            .from_writer("\u{feff}".as_bytes().to_vec());
        let safe = |text: &str| guarded(&self.fitting(text)).into_owned();
        writer.write_record(self.columns.iter().map(|name| safe(name)))?;
        for row in &self.rows {
            let cells = row.iter().map(|cell| match cell {
                Cell::Text(text) => safe(text),
                cell => cell.as_text().into_owned(),
            });
            writer.write_record(cells)?;
        }
        writer
            .into_inner()
            .map_err(|error| csv::Error::from(error.into_error()))
    }

    fn to_xlsx(&self) -> Result<Vec<u8>, XlsxError> {
        let mut book = Workbook::new();
        book.set_properties(&DocProperties::new().set_creation_datetime(&date(self.day)?));
        let (bold, days) = (
            Look::new().set_bold(),
            Look::new().set_num_format("yyyy-mm-dd"),
        );
        let sheet = book.add_worksheet();
        sheet.set_freeze_panes(1, 0)?;
        let mut last_row = 0;
        for (column, name) in (0_u16..).zip(&self.columns) {
            sheet.write_string_with_format(0, column, self.fitting(name), &bold)?;
            let cells = self.rows.iter().map(|row| &row[usize::from(column)]);
            let widest = cells.map(|cell| width(&cell.as_text())).max();
            let widest = widest.unwrap_or(0).max(width(name)) + 4;
            sheet.set_column_width(column, widest.min(WIDEST_CHARS))?;
        }
        for (at, row) in (1_u32..).zip(&self.rows) {
            for (column, cell) in (0_u16..).zip(row) {
                match cell {
                    Cell::Empty => continue,
                    // A string, whatever it begins with: nothing is read as a formula.
                    Cell::Text(text) => sheet.write_string(at, column, self.fitting(text))?,
                    Cell::Day(day) => {
                        sheet.write_datetime_with_format(at, column, &date(*day)?, &days)?
                    }
                    Cell::Count(count) => sheet.write_number(at, column, *count)?,
                };
            }
            last_row = at;
        }
        let last_column = u16::try_from(self.columns.len()).unwrap_or(1) - 1;
        sheet.autofilter(0, 0, last_row, last_column)?;
        book.save_to_buffer()
    }
}

/// Whether a new line begins after it, for some program.
fn ends_line(c: char) -> bool {
    matches!(
        c,
        '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}'
    )
}

/// What programs pass over before they look whether a formula begins: blanks of every kind, control characters, and signs
/// that take no room.
fn is_passed_over(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c, '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffc}'
            | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// Whether a formula can begin with it, in whatever width or form it is written.
fn begins_formula(c: char) -> bool {
    let is_sign = |c: char| matches!(c, '=' | '+' | '-' | '@');
    c == '\u{2212}' || std::iter::once(c).nfkc().next().is_some_and(is_sign)
}

/// A text that no program takes for a formula: before each line of it that could begin one stands an apostrophe. Whoever
/// opens the file reads the words, and nothing runs.
fn guarded(text: &str) -> Cow<'_, str> {
    let is_formula = |line: &str| {
        line.chars()
            .find(|c| !is_passed_over(*c))
            .is_some_and(begins_formula)
    };
    let begins_with_sign = text.starts_with(['\t', '\r', '\n']);
    let needs_guard =
        |line: &str, is_first: bool| is_formula(line) || (is_first && begins_with_sign);
    let lines = || text.split_inclusive(ends_line);
    if !(begins_with_sign || lines().any(is_formula)) {
        return Cow::Borrowed(text);
    }
    let mut safe = String::with_capacity(text.len() + 8);
    for (at, line) in lines().enumerate() {
        if needs_guard(line, at == 0) {
            safe.push('\'');
        }
        safe.push_str(line);
    }
    Cow::Owned(safe)
}

fn date(day: Day) -> Result<ExcelDateTime, XlsxError> {
    let date = day.date();
    let part = |number: i8| u8::try_from(number).unwrap_or(1);
    let year = u16::try_from(date.year()).unwrap_or(1970);
    ExcelDateTime::from_ymd(year, part(date.month()), part(date.day()))
}

/// Characters, of which Chinese ones take the room of two.
fn width(text: &str) -> u16 {
    let width: usize = text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum();
    u16::try_from(width).unwrap_or(WIDEST_CHARS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn no_cell_is_a_formula() {
        let cells = ["=1+1", "+1", "-1", "@x", "\t=1", "ok, \"so\""];
        let sheet = Sheet {
            columns: vec!["name".to_owned(); cells.len()],
            rows: vec![cells.map(|text| Cell::Text(text.to_owned())).to_vec()],
            day: Day::new(2026, 7, 1).expect("a day"),
            cut: "cut".to_owned(),
        };
        let csv = sheet.to_file(Format::Csv).expect("a file");
        let csv = String::from_utf8(csv).expect("UTF-8");
        let row = csv.lines().nth(1).expect("a row");
        assert_eq!(row, "'=1+1,'+1,'-1,'@x,'\t=1,\"ok, \"\"so\"\"\"");
        let xlsx = sheet.to_file(Format::Xlsx).expect("a file");
        let again = sheet.to_file(Format::Xlsx).expect("a file");
        assert_eq!(xlsx, again, "no time of day is in it");
    }

    fn one_cell(text: &str) -> Sheet {
        Sheet {
            columns: vec!["name".to_owned()],
            rows: vec![vec![Cell::Text(text.to_owned())]],
            day: Day::new(2026, 7, 1).expect("a day"),
            cut: "the rest is left out".to_owned(),
        }
    }

    /// The cell below the head, as a program reads it.
    fn read_csv(sheet: &Sheet) -> String {
        let file = sheet.to_file(Format::Csv).expect("a file");
        let file = file.strip_prefix("\u{feff}".as_bytes()).expect("the mark");
        let mut reader = csv::Reader::from_reader(file);
        let rows: Vec<_> = reader.records().map(|row| row.expect("a row")).collect();
        assert_eq!(rows.len(), 1);
        rows[0].get(0).expect("a cell").to_owned()
    }

    /// Every piece of text in a workbook, and whether there is a formula in it.
    fn read_xlsx(sheet: &Sheet) -> (Vec<String>, bool) {
        let file = sheet.to_file(Format::Xlsx).expect("a file");
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(file)).expect("a ZIP");
        let mut part = |name: &str| {
            let mut text = String::new();
            let mut part = archive.by_name(name).expect("a part");
            std::io::Read::read_to_string(&mut part, &mut text).expect("UTF-8");
            text
        };
        let (cells, strings) = (
            part("xl/worksheets/sheet1.xml"),
            part("xl/sharedStrings.xml"),
        );
        let mut texts = Vec::new();
        let mut reader = quick_xml::Reader::from_str(&strings);
        loop {
            match reader.read_event().expect("it is XML") {
                quick_xml::events::Event::Start(start) if start.name().as_ref() == "t" => {
                    texts.push(String::new());
                }
                quick_xml::events::Event::Text(text) => {
                    if let Some(last) = texts.last_mut() {
                        last.push_str(&text);
                    }
                }
                quick_xml::events::Event::Eof => break,
                _ => {}
            }
        }
        (texts, cells.contains("<f>") || cells.contains("<f "))
    }

    /// Texts as strangers type them to make something run, and any others.
    fn any_cell() -> impl Strategy<Value = String> {
        let sign = "[=+\\-@＝＋－＠﹢﹣﹦﹫−⁼₊]";
        let before = "[ \t\r\n\u{a0}\u{3000}\u{feff}\u{200b}\u{202e}\u{0}\u{1}\u{7f}\u{b}\u{c}\u{85}\u{2028}]{0,3}";
        let formula =
            format!("{before}{sign}(SUM\\(1\\)|HYPERLINK\\(\"a\"\\)|cmd\\|' /C calc'!A0|.{{0,6}})");
        let texts = |pattern: &str| proptest::string::string_regex(pattern).expect("a pattern");
        prop_oneof![
            texts(&formula),
            texts(&format!("一行[\\n\\r\\x0b\\x0c]{formula}")),
            texts(".{0,30}"),
            any::<String>(),
        ]
    }

    proptest! {
        #[test]
        fn whatever_stands_in_a_cell_is_opened_as_text(text in any_cell()) {
            let read = read_csv(&one_cell(&text));
            let runs = |line: &str| line.chars().find(|c| !is_passed_over(*c)).is_some_and(begins_formula);
            prop_assert!(!read.split(ends_line).any(runs), "{read:?}");
            prop_assert!(!read.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']));
            // Nothing is lost: without what was put before its lines it is what it was.
            let bare = |text: &str| text.replace('\'', "");
            prop_assert_eq!(bare(&read), bare(&text));
            let (texts, has_formula) = read_xlsx(&one_cell(&text));
            prop_assert!(!has_formula);
            prop_assert!(texts.len() <= 2);
        }

    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(32))]
        #[test]
        fn a_text_that_is_too_long_is_cut_and_says_so(text in any_cell(), times in 1_000_usize..40_000) {
            let long = text.repeat(times);
            let sheet = one_cell(&long);
            let read = read_csv(&sheet);
            let units = |text: &str| text.encode_utf16().count();
            prop_assert!(units(&read) <= CELL_MAX_UNITS, "{}", units(&read));
            let is_cut = read.ends_with("… the rest is left out");
            prop_assert!(is_cut || units(&long) <= CELL_MAX_UNITS);
            // Apostrophes make it twice as long at most.
            prop_assert!(!is_cut || 2 * units(&long) > CELL_MAX_UNITS);
            prop_assert!(sheet.to_file(Format::Xlsx).is_some());
        }
    }

    #[test]
    fn every_formula_beginning_is_guarded_and_plain_words_are_left_alone() {
        for text in [
            "＝HYPERLINK(\"http://a\")",
            "＋1",
            "－1",
            "＠x",
            " =1",
            "\u{a0}=1",
            "\n=1",
            "\r=1",
            "\t=1",
            "\u{1}=1",
            "\u{feff}=1",
            "第一行\n=1",
            "第一行\r\n＝1",
            "−1",
            "\u{3000}@x",
        ] {
            let safe = guarded(text);
            assert!(safe.contains('\''), "{text:?} {safe:?}");
            assert_eq!(safe.replace('\'', ""), text);
        }
        for text in [
            "",
            "王芳",
            "a=b",
            "3-4",
            "——",
            "'=1",
            "第一行\n第二行",
            "a@b.example",
        ] {
            assert_eq!(guarded(text), text);
        }
    }
}
