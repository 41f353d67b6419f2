//! Tests of `sheet.rs`.

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
