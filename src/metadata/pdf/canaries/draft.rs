//! Documents that are put together to hold the word in one key: the ways to each kind of dictionary, and values with the
//! word in them.

use super::WORD;
use crate::pdf::rules::{self, Data, Kind, Picked, Rule};
use std::collections::{HashSet, VecDeque};

/// A way to a kind of dictionary: the keys that lead there.
pub(super) struct Way {
    pub(super) kind: &'static Kind,
    keys: Vec<(&'static str, &'static Rule)>,
}

impl Way {
    pub(super) fn name(&self) -> String {
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
pub(super) fn ways() -> Vec<Way> {
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
pub(super) struct Draft(Vec<Vec<u8>>);

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
    pub(super) fn file(mut self, way: &Way, entries: &str, data: &str) -> Vec<u8> {
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
pub(super) const DRAWS: &str =
    "/F1 gs /F1 cs /F1 scn /F1 sh /F1 Do /OC /F1 BDC EMC BT /F1 9 Tf (A) Tj ET";

fn stream(entries: &str, data: &str) -> Vec<u8> {
    format!(
        "<<{entries}/Length {}>>\nstream\n{data}\nendstream",
        data.len()
    )
    .into_bytes()
}

/// Values with the word in them, as many kinds as there are.
pub(super) fn values(rule: &'static Rule, draft: &mut Draft) -> Vec<String> {
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
