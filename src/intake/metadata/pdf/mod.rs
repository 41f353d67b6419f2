//! PDF: strings and streams that tell are overwritten where they stand, at the same length, so that no offset moves. What
//! could not be reached, and what a file says of its own past, is told and left.

mod blank;
mod flate;
mod scan;
mod syntax;

use super::finding::{Coverage, Findings, Reason, What};
use blank::Eraser;
use scan::{Object, Survey, objects};

/// The same file with what tells overwritten.
pub(super) fn strip(mut file: Vec<u8>) -> (Vec<u8>, Findings, Coverage) {
    let coverage = Coverage::whole(file.len());
    let mut findings = Findings::default();
    let survey = Survey::of(&file);
    if let Some(reason) = survey.hands_off() {
        findings.could_not(reason);
        return (file, findings, coverage);
    }
    let found: Vec<Object> = objects(&file, &survey.integers).collect();
    let mut eraser = Eraser::new(&survey.infos);
    for object in &found {
        eraser.visit(&mut file, object);
    }
    for trailer in &survey.ids {
        file[trailer.clone()].fill(b'0');
    }
    findings.merge(eraser.finish());
    if survey.versions > 1 {
        findings.left(What::History, Reason::EarlierVersions);
    }
    (file, findings, coverage)
}
