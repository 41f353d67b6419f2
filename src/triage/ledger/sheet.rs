//! A table that leaves the office, as a file: put together in memory, never in a temporary file.

use crate::clock::Day;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format as Look, Workbook, XlsxError};
use std::borrow::Cow;

/// Widest column, in characters.
const WIDEST_CHARS: u16 = 40;
/// With these, programs for tables take what follows for a formula.
const FORMULA_SIGNS: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

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
            // An apostrophe before it: whoever opens the file reads the words, and no formula runs.
            Self::Text(text) if text.starts_with(FORMULA_SIGNS) => Cow::Owned(format!("'{text}")),
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

    fn to_csv(&self) -> Result<Vec<u8>, csv::Error> {
        // Without the mark at the beginning, common programs take Chinese for another encoding.
        let mut writer = csv::WriterBuilder::new()
            .terminator(csv::Terminator::CRLF)
            .from_writer("\u{feff}".as_bytes().to_vec());
        writer.write_record(&self.columns)?;
        for row in &self.rows {
            writer.write_record(row.iter().map(|cell| cell.as_text().into_owned()))?;
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
            sheet.write_string_with_format(0, column, name, &bold)?;
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
                    Cell::Text(text) => sheet.write_string(at, column, text)?,
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

    #[test]
    fn no_cell_is_a_formula() {
        let cells = ["=1+1", "+1", "-1", "@x", "\t=1", "ok, \"so\""];
        let sheet = Sheet {
            columns: vec!["name".to_owned(); cells.len()],
            rows: vec![cells.map(|text| Cell::Text(text.to_owned())).to_vec()],
            day: Day::new(2026, 7, 1).expect("a day"),
        };
        let csv = sheet.to_file(Format::Csv).expect("a file");
        let csv = String::from_utf8(csv).expect("UTF-8");
        let row = csv.lines().nth(1).expect("a row");
        assert_eq!(row, "'=1+1,'+1,'-1,'@x,'\t=1,\"ok, \"\"so\"\"\"");
        let xlsx = sheet.to_file(Format::Xlsx).expect("a file");
        let again = sheet.to_file(Format::Xlsx).expect("a file");
        assert_eq!(xlsx, again, "no time of day is in it");
    }
}
