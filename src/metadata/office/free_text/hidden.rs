//! Attributes that describe a thing to programs, and to whoever asks for it: nobody sees them at first sight.

use crate::finding::What;

/// What describes a thing to programs, and to whoever asks for it.
#[expect(
    clippy::match_same_arms,
    reason = "each arm is one reason, with its own remark"
)]
pub(super) fn gone(family: &str, tag: &str, key: &str, local: &str) -> Option<What> {
    Some(match local {
        "descr" | "alt" | "altText" | "altTextSummary" | "tooltip" | "invalidUrl" | "bmk"
        | "bmkName" | "comment" | "description" | "help" | "helpText" | "statusBar"
        | "customMenu" | "displayFolder" | "tags" => What::Comment,
        "oldComment" | "oldCustomMenu" | "oldDescription" | "oldHelp" | "oldStatusBar"
        | "oldName" | "original" => What::History,
        "title" if family != "table" => What::Comment,
        "tgtFrame" | "target" | "docLocation" | "target-frame-name" | "target-frame" => What::Other,
        "class" if family == "v" => What::Other,
        "codeName" | "phldrT" | "lastValue" | "macro" | "macro-name" | "divId" | "attribution" => {
            What::Hidden
        }
        "user" | "initials" | "likes" | "user-name" | "provider" => What::Author,
        "paper-tray-name" => What::Device,
        "driveId"
        | "itemId"
        | "srcUrl"
        | "sigProvUrl"
        | "sigprovurl"
        | "sql-statement"
        | "query-name"
        | "database-name"
        | "database-table-name"
        | "datasource"
        | "dde-application"
        | "dde-topic"
        | "dde-item"
        | "ddeService"
        | "ddeTopic"
        | "fieldCodes"
        | "connectString"
        | "filter-options" => What::Path,
        // With another word in its place nobody could take the protection off.
        "password" | "protection-key" | "application-data" => What::Hidden,
        "name" if key == "office:name" => What::Comment,
        "string-value-if-true"
        | "string-value-if-false"
        | "string-value-phonetic"
        | "key1"
        | "key2"
        | "key1-phonetic"
        | "key2-phonetic" => What::Hidden,
        "string-value" if key == "text:string-value" => What::Hidden,
        "code" | "object" | "archive" | "data" if family == "draw" => What::Path,
        "w:val" | "val" if matches!(tag, "statusText" | "helpText" | "default" | "mailSubject") => {
            What::Hidden
        }
        "val" if matches!(tag, "designTag") => What::Hidden,
        _ => return None,
    })
}
