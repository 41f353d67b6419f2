//! A word in every key of every kind of dictionary that a document may have: as a string, a name, a list, a dictionary, a
//! stream. It is gone from what comes out, or the file is not called clean, or the key is in a short list of those that
//! every viewer shows, or that are said to be unseen in the README.

use super::super::finding::Outcome;
use super::rules::{self, Data, Kind, Picked, Rule};
use super::strip;
use std::collections::{HashSet, VecDeque};
use std::fmt::Write as _;
use std::io::Read as _;

const WORD: &str = "CANARY-MIFENG";

/// Keys, by the end of their path, that keep what somebody wrote although the file is called clean, and why.
const KEPT: &[(&str, &str)] = &[
    (
        "Outlines/First/Title",
        "every viewer shows it in its sidebar",
    ),
    (
        "Outlines/First/A",
        "the address of a link, which is shown where one points to it",
    ),
    (
        "Annots/A",
        "the address of a link, which is shown where one points to it",
    ),
    (
        "Catalog/OpenAction",
        "the address of a link, which is shown when it is opened",
    ),
    ("CS", "the colours of a table: README, what cannot be seen"),
    (
        "ColorSpace",
        "the colours of a table: README, what cannot be seen",
    ),
    (
        "CIDToGIDMap",
        "numbers of glyphs: README, what cannot be seen",
    ),
    (
        "CIDToGIDMap:data",
        "numbers of glyphs: README, what cannot be seen",
    ),
];

/// A way to a kind of dictionary: the keys that lead there.
struct Way {
    kind: &'static Kind,
    keys: Vec<(&'static str, &'static Rule)>,
}

impl Way {
    fn name(&self) -> String {
        let keys = self.keys.iter().map(|(key, _)| *key);
        std::iter::once("Catalog")
            .chain(keys)
            .collect::<Vec<_>>()
            .join("/")
    }
}

fn kinds_of(rule: &'static Rule) -> Vec<&'static Kind> {
    match rule {
        Rule::Of(kind) => vec![kind],
        Rule::Pick(Picked::Mark) => vec![&rules::MARK_KIND],
        Rule::Pick(Picked::Object) => vec![&rules::PICTURE, &rules::DRAWING],
        Rule::Each(inner)
        | Rule::Named(inner)
        | Rule::Resources(inner)
        | Rule::Glyphs(inner)
        | Rule::NameTree(inner)
        | Rule::NumberTree(inner) => kinds_of(inner),
        _ => Vec::new(),
    }
}

/// Each kind with the shortest way to it.
fn ways() -> Vec<Way> {
    let Rule::Of(root) = &rules::ROOT else {
        panic!("the catalogue is a dictionary");
    };
    let (mut found, mut seen) = (Vec::new(), HashSet::new());
    let mut waiting = VecDeque::from([Way {
        kind: root,
        keys: Vec::new(),
    }]);
    while let Some(way) = waiting.pop_front() {
        // The first title is of the kind of what all titles hang on.
        let is_title = way.keys.last().is_some_and(|(key, _)| *key == "First");
        if !seen.insert((std::ptr::from_ref(way.kind).addr(), is_title)) {
            continue;
        }
        for (key, rule) in way.kind.keys {
            for kind in kinds_of(rule) {
                let mut keys = way.keys.clone();
                keys.push((key, *rule));
                waiting.push_back(Way { kind, keys });
            }
        }
        found.push(way);
    }
    found
}

/// A document that is being put together: its objects from the fourth on.
#[derive(Default)]
struct Draft(Vec<Vec<u8>>);

impl Draft {
    fn add(&mut self, object: Vec<u8>) -> String {
        self.0.push(object);
        format!("{} 0 R", self.0.len() + 3)
    }

    fn stream(&mut self, entries: &str, data: &str) -> String {
        self.add(stream(entries, data))
    }

    /// A dictionary of a kind, with what it needs to be seen.
    fn dict(&mut self, kind: &'static Kind, last: &str, entries: &str, data: &str) -> String {
        let needs = match last {
            "Annots" => "/Subtype/Link/Rect[10 10 20 20]",
            "Resources" => "/ProcSet[/PDF]",
            "First" => "/C[0 0 0]",
            "Pattern" => "/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 9 9]/XStep 9/YStep 9",
            "Font" => "/Type/Font/Subtype/Type3/FontBBox[0 0 1 1]/FontMatrix[1 0 0 1 0 0]",
            _ if std::ptr::eq(kind, &raw const rules::PICTURE) => {
                "/Subtype/Image/Width 13/Height 1/BitsPerComponent 8"
            }
            _ if std::ptr::eq(kind, &raw const rules::DRAWING) => "/Subtype/Form/BBox[0 0 9 9]",
            _ => "",
        };
        // A key that is put to the test stands first, where it counts.
        let entries = format!("{entries}{needs}");
        if kind.data == Data::None {
            self.add(format!("<<{entries}>>").into_bytes())
        } else {
            self.stream(&entries, data)
        }
    }

    fn wrapped(rule: &'static Rule, inner: &str) -> String {
        match rule {
            Rule::Each(_) => format!("[{inner}]"),
            Rule::Named(_) | Rule::Resources(_) | Rule::Glyphs(_) => format!("<</F1 {inner}>>"),
            Rule::NameTree(_) => format!("<</Names[(a){inner}]>>"),
            Rule::NumberTree(_) => format!("<</Nums[0 {inner}]>>"),
            _ => inner.to_owned(),
        }
    }

    /// The file with `entries` in the dictionary at the end of a way.
    fn file(mut self, way: &Way, entries: &str, data: &str) -> Vec<u8> {
        let (mut kind_at, mut value) = (way.keys.len(), entries.to_owned());
        let kinds: Vec<&'static Kind> = std::iter::once(root_kind())
            .chain(way.keys.iter().map(|(_, rule)| kinds_of(rule)[0]))
            .collect();
        let on_page = way.keys.first().is_some_and(|(key, _)| *key == "Pages");
        let stop = usize::from(on_page);
        while kind_at > stop {
            let (key, rule) = way.keys[kind_at - 1];
            let is_last = kind_at == way.keys.len();
            let kind = if is_last { way.kind } else { kinds[kind_at] };
            let data = if is_last { data } else { DRAWS };
            let reference = self.dict(kind, key, &value, data);
            value = format!("/{key} {}", Self::wrapped(rule, &reference));
            kind_at -= 1;
        }
        let content = self.stream("", DRAWS);
        let (catalogue, page) = if on_page {
            (String::new(), value)
        } else {
            (value, String::new())
        };
        let mut objects = vec![
            format!("<<{catalogue}/Type/Catalog/Pages 2 0 R>>").into_bytes(),
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>".to_vec(),
            format!("<<{page}/Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents {content}>>")
                .into_bytes(),
        ];
        objects.append(&mut self.0);
        let mut file = b"%PDF-1.7\n".to_vec();
        for (at, object) in objects.iter().enumerate() {
            file.extend_from_slice(format!("{} 0 obj\n", at + 1).as_bytes());
            file.extend_from_slice(object);
            file.extend_from_slice(b"\nendobj\n");
        }
        file.extend_from_slice(b"trailer\n<</Root 1 0 R>>\n%%EOF\n");
        file
    }
}

fn root_kind() -> &'static Kind {
    match &rules::ROOT {
        Rule::Of(kind) => kind,
        _ => panic!("the catalogue is a dictionary"),
    }
}

/// Draws with everything that is called so.
const DRAWS: &str = "/F1 gs /F1 cs /F1 scn /F1 sh /F1 Do /OC /F1 BDC EMC BT /F1 9 Tf (A) Tj ET";

fn stream(entries: &str, data: &str) -> Vec<u8> {
    format!(
        "<<{entries}/Length {}>>\nstream\n{data}\nendstream",
        data.len()
    )
    .into_bytes()
}

/// Values with the word in them, as many kinds as there are.
fn values(rule: &'static Rule, draft: &mut Draft) -> Vec<String> {
    let mut all = vec![
        format!("({WORD})"),
        format!("<{}>", hex::encode(WORD)),
        format!("/{WORD}"),
        format!("[({WORD})]"),
        format!("[0 /{WORD} 1 [({WORD})/{WORD}]]"),
        format!("<</{WORD} 1>>"),
        format!("<</Type({WORD})/N({WORD})/F1({WORD})/Names[({WORD})({WORD})]/Nums[0({WORD})]>>"),
        format!("1{WORD}"),
        draft.add(format!("({WORD})").into_bytes()),
        draft.add(format!("<</Type/{WORD}/V({WORD})/A<</{WORD}({WORD})>>>>").into_bytes()),
        draft.stream(&format!("/{WORD}({WORD})"), WORD),
        format!("[{}]", draft.stream("", WORD)),
    ];
    match rule {
        Rule::Action => all.extend([
            format!("<</S/URI/URI(https://{WORD})>>"),
            format!("<</S/URI/URI(file:///{WORD})>>"),
            format!("<</S/GoTo/D({WORD})>>"),
            format!("<</S/GoTo/D[3 0 R/XYZ({WORD})/{WORD}]>>"),
            format!("<</S/Named/N/{WORD}>>"),
            format!("<</S/{WORD}/Next({WORD})>>"),
        ]),
        Rule::Color => all.extend([
            format!("[/Indexed/DeviceGray 12 ({WORD})]"),
            format!("[/Separation/{WORD}/DeviceGray({WORD})]"),
            format!("[/DeviceN[/{WORD}]/DeviceGray({WORD})<</{WORD}({WORD})>>]"),
            format!("[/CalRGB<</{WORD}({WORD})>>]"),
        ]),
        Rule::Place => all.push(format!("<</D[3 0 R/{WORD}]/{WORD}({WORD})>>")),
        Rule::Drawn => all.push(format!("(/{WORD} 9 Tf 0 g %{WORD})")),
        _ => {}
    }
    all
}

/// Whether the word is anywhere in a file, behind any stream too.
fn has_word(file: &[u8]) -> bool {
    let find = |bytes: &[u8], word: &[u8]| memchr::memmem::find(bytes, word).is_some();
    let words = [
        WORD.as_bytes().to_vec(),
        hex::encode(WORD).into_bytes(),
        hex::encode_upper(WORD).into_bytes(),
    ];
    let mut all = vec![file.to_vec()];
    for start in memchr::memmem::find_iter(file, b"stream\n") {
        let mut plain = Vec::new();
        let packed = &file[start + 7..];
        let _ = flate2::read::ZlibDecoder::new(packed).read_to_end(&mut plain);
        all.push(plain);
    }
    all.iter()
        .any(|bytes| words.iter().any(|word| find(bytes, word)))
}

/// What is wrong with a file, if something is.
fn wrong(file: &[u8]) -> Option<&'static str> {
    let (out, findings, coverage) = strip(file.to_vec());
    let report = findings.settle(coverage.close(file.len())).report();
    if matches!(report.outcome, Outcome::CouldNot(_)) {
        return None;
    }
    if has_word(&out) {
        return Some("the word is in it still");
    }
    let length = out.len();
    let (again, findings, coverage) = strip(out.clone());
    let second = findings.settle(coverage.close(length)).report();
    (again != out || second.outcome != Outcome::NothingFound).then_some("a second time changes it")
}

#[test]
fn a_word_in_any_key_of_any_kind_is_gone_or_told() {
    let (mut tried, mut bad, mut needed) = (0, String::new(), HashSet::new());
    for way in ways() {
        let name = way.name();
        for (key, rule) in way.kind.keys {
            let count = values(rule, &mut Draft::default()).len();
            for number in 0..count {
                let mut draft = Draft::default();
                let value = values(rule, &mut draft)[number].clone();
                let path = format!("{name}/{key}");
                // The skeleton itself hangs on these.
                if matches!(path.as_str(), "Catalog/Pages")
                    || path.starts_with("Catalog/Pages/Kids")
                {
                    continue;
                }
                tried += 1;
                let file = draft.file(&way, &format!("/{key} {value}"), DRAWS);
                let kept = KEPT.iter().find(|(end, _)| path.ends_with(end));
                if let Some(why) = wrong(&file) {
                    if let Some((end, _)) = kept {
                        needed.insert(*end);
                        continue;
                    }
                    writeln!(bad, "{path} {value}: {why}").expect("memory");
                }
            }
        }
        if way.kind.data != Data::None {
            tried += 1;
            let path = format!("{name}:data");
            let kept = KEPT.iter().find(|(end, _)| path.ends_with(end));
            let file = Draft::default().file(&way, "", WORD);
            if let Some(why) = wrong(&file) {
                if let Some((end, _)) = kept {
                    needed.insert(*end);
                    continue;
                }
                writeln!(bad, "{path}: {why}").expect("memory");
            }
        }
    }
    println!("{tried} files");
    assert!(tried > 2_000, "{tried}");
    assert!(bad.is_empty(), "\n{bad}");
    for (end, why) in KEPT {
        assert!(
            needed.contains(end),
            "{end} ({why}) is in the list, and keeps nothing"
        );
    }
}
