//! Where a relation leads: out of the document, to a place in it, or to another part, under the name that it is written as.

use super::kind::{Kind, kind};
use super::{Package, Part};
use crate::finding::What;
use crate::office::links::resolve;
use crate::office::package::{is_usual_name, is_usual_target};
use crate::office::value::{is_of_the_web, is_path};

/// An address that leads nowhere.
const NOWHERE: &str = "about:blank";

impl Package<'_, '_, '_> {
    /// Where a relation leads out of the document.
    pub(super) fn outside(&mut self, tail: &str, target: &str) -> String {
        if let Some(place) = target.strip_prefix('#') {
            return self.place(place);
        }
        let may_be = target == NOWHERE || tail == "hyperlink" && is_of_the_web(target);
        if may_be && !is_path(target) {
            return target.to_owned();
        }
        self.findings.removed(What::Path);
        NOWHERE.to_owned()
    }

    /// A place in the document itself, by the name that stands for its own.
    fn place(&mut self, place: &str) -> String {
        let instead = self.labels.instead_of(place);
        if instead.is_some() {
            self.findings.removed(What::Other);
        }
        format!("#{}", instead.as_deref().unwrap_or(place))
    }

    /// Sets the part behind a relation to be written; `None` where there is none.
    pub(super) fn inside(&mut self, of: &str, tail: &str, target: &str) -> Option<String> {
        // A place in the document itself.
        if tail == "hyperlink" {
            match target.strip_prefix('#') {
                Some(place) => return Some(self.place(place)),
                None if target == NOWHERE => return Some(target.to_owned()),
                None => {}
            }
        }
        let anchor = target.split('#').next().unwrap_or_default();
        let plain = anchor.replace("%20", " ");
        let found = resolve(of, &plain).and_then(|name| self.source.find(&name).map(str::to_owned));
        let Some(name) = found else {
            self.findings.removed(What::Path);
            return (tail == "hyperlink").then(|| NOWHERE.to_owned());
        };
        if tail == "hyperlink" {
            // Slides lead to slides by relations of their own kind.
            return Some(NOWHERE.to_owned());
        }
        let lower = name.to_lowercase();
        let is_new = !self.met.contains_key(&lower);
        if is_new {
            let written = self.name_for(&name, kind(tail)?);
            self.seen.insert(lower.clone());
            self.met.insert(lower.clone(), written);
            self.waiting.push_back(Part {
                name: name.clone(),
                kind: kind(tail)?,
            });
        }
        let written = &self.met[&lower];
        let same = *written == name && anchor == target && is_usual_target(target);
        Some(if same {
            target.to_owned()
        } else {
            format!("/{written}")
        })
    }

    /// The name that a part is written under: its own where it is one that a program gives.
    pub(super) fn name_for(&mut self, name: &str, kind: Kind) -> String {
        if is_usual_name(name) {
            return name.to_owned();
        }
        self.findings.removed(What::Path);
        self.renamed += 1;
        let folder = name
            .split('/')
            .next()
            .filter(|folder| matches!(*folder, "word" | "xl" | "ppt"));
        let ending = name
            .rsplit_once('.')
            .map(|(_, ending)| ending.to_ascii_lowercase());
        let usual = if kind == Kind::Xml { "xml" } else { "bin" };
        let ending = ending
            .filter(|it| it.len() <= 4 && it.bytes().all(|byte| byte.is_ascii_alphanumeric()));
        let ending = ending.unwrap_or_else(|| usual.to_owned());
        loop {
            let new = format!("{}/part{}.{ending}", folder.unwrap_or("word"), self.renamed);
            if self.source.find(&new).is_none() {
                return new;
            }
            self.renamed += 1;
        }
    }
}
