//! Parts that no relation leads to that is kept: most are left out, and what may be what the sender wanted to send stays.

use super::Package;
use super::kind::{Kind, is_named, said};
use super::relations::Relations;
use crate::finding::{Reason, What};
use crate::office::links::{relations_of, resolve};
use crate::office::package::{attributes, each_element};
use crate::office::{media, properties};

impl Package<'_, '_, '_> {
    /// Leaves out what only a relation leads to that its part does not name: no program shows it.
    pub(super) fn leave_unused(&mut self, relations: &mut Relations) {
        let is_main = self.written.is_empty();
        relations.0.retain(|_, relation| {
            let tail = relation.kind.rsplit('/').next().unwrap_or_default();
            if relation.is_used || !is_named(tail, is_main) {
                return true;
            }
            if let Some(brought) = &relation.brings {
                self.waiting
                    .retain(|part| part.name.to_lowercase() != *brought);
                self.met.remove(brought);
            }
            self.findings.removed(What::Hidden);
            false
        });
    }

    /// A relation that is not kept, with the part behind it.
    pub(super) fn leave_out(
        &mut self,
        of: &str,
        tail: &str,
        target: &str,
        is_external: bool,
    ) -> Result<(), Reason> {
        let found = resolve(of, target).and_then(|name| self.source.find(&name).map(str::to_owned));
        let Some(name) = found.filter(|_| !is_external) else {
            self.findings.removed(said(tail));
            return Ok(());
        };
        if self.seen.insert(name.to_lowercase()) {
            if tail.ends_with("properties") {
                let content = self.source.read(&name)?.unwrap_or_default();
                properties::note(&content, self.findings);
            } else {
                self.findings.removed(said(tail));
            }
            self.leave_out_behind(&name)?;
        }
        Ok(())
    }

    /// What a part leads to that is left out goes with it.
    fn leave_out_behind(&mut self, name: &str) -> Result<(), Reason> {
        let relations = relations_of(name);
        let Some(content) = self.source.read(&relations)? else {
            return Ok(());
        };
        self.seen.insert(relations.to_lowercase());
        let text = String::from_utf8_lossy(&content).into_owned();
        let mut targets = Vec::new();
        let read = each_element(&text, "Relationship", self.findings, |start| {
            targets.extend(attributes(start).remove("Target"));
        });
        if read.is_ok() {
            for target in targets {
                let found = resolve(name, &target)
                    .and_then(|name| self.source.find(&name).map(str::to_lowercase));
                let is_free =
                    found.filter(|name| !self.met.contains_key(name) && !name.contains("/media/"));
                self.seen.extend(is_free);
            }
        }
        Ok(())
    }

    /// Parts that nothing leads to. What may be what the sender wanted to send stays and is told; the rest goes.
    pub(super) fn orphans(&mut self) -> Result<(), Reason> {
        for name in self.source.names() {
            let lower = name.to_lowercase();
            if self.seen.contains(&lower) {
                continue;
            }
            let content = self.source.read(&name)?.ok_or(Reason::Damaged)?;
            if lower.starts_with("docprops/thumbnail") {
                self.findings.removed(What::Thumbnail);
            } else if lower.starts_with("docprops/") || lower.ends_with(".psmdcp") {
                properties::note(&content, self.findings);
            } else if lower.contains("printersettings") {
                self.findings.removed(What::Device);
            } else if media::is_picture(&content) {
                let content_type = media::media_type(&content)
                    .unwrap_or("image/jpeg")
                    .to_owned();
                let content = media::picture(content, self.findings);
                self.orphan(&name, Kind::Picture, &content, content_type)?;
            } else if media::is_file(&content)
                || lower.contains("/embeddings/") && !lower.contains("/_rels/")
                || lower.ends_with("vbaproject.bin")
            {
                self.findings.left(What::Hidden, Reason::Embedded);
                let content_type = self
                    .types
                    .of(&name)
                    .unwrap_or_else(|| "application/octet-stream".to_owned());
                self.orphan(&name, Kind::File, &content, content_type)?;
            } else {
                self.findings.removed(What::Hidden);
            }
        }
        Ok(())
    }

    /// Writes a part that nothing leads to.
    fn orphan(
        &mut self,
        name: &str,
        kind: Kind,
        content: &[u8],
        content_type: String,
    ) -> Result<(), Reason> {
        let name = self.name_for(name, kind);
        self.target.add(&name, content, true)?;
        self.written.push((name, content_type));
        Ok(())
    }
}
