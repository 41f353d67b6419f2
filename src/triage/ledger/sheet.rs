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
mod tests;
