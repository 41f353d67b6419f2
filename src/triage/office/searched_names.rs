//! The text of a case in which names are searched.

use super::{OfficeError, open_json};
use crate::model::MessageText;
use crate::routing::NameSearchText;
use crate::store::MessageRow;
use mifeng_names::Part;
use mifeng_opening::Identity;
use mifeng_sealing::tip::TipDocument;

/// The text of a tip in which names are searched.
pub(crate) fn name_search_text_of(tip: &TipDocument) -> NameSearchText {
    let mut name_search_text = NameSearchText::default();
    name_search_text.add_to(Part::School, &tip.school);
    name_search_text.add_to(Part::Subject, &tip.subject);
    name_search_text.add(&tip.when);
    name_search_text.add(&tip.text);
    name_search_text
}

/// The text of a whole case in which names are searched: its tip, and what its reporter proved to have written since.
pub(crate) fn name_search_text_of_case<'a>(
    key: &Identity,
    tip: &TipDocument,
    messages: impl IntoIterator<Item = &'a MessageRow>,
) -> Result<NameSearchText, OfficeError> {
    let mut name_search_text = name_search_text_of(tip);
    for message in messages.into_iter().filter(|message| message.from_reporter) {
        let words: MessageText = open_json(key, &message.sealed)?;
        // Whom words name that anybody may have written stays with the case.
        if words.received.is_none_or(|received| received.proven) {
            name_search_text.add(&words.text);
        }
    }
    Ok(name_search_text)
}
