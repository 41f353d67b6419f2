//! Who handles a case together, and what they find together, as it is typed.

use super::WebState;
use super::page::Typed;
use crate::model::{CaseNumber, MemberId, Viewer};
use crate::office::OfficeError;
use mifeng_foundation::entropy::parse_id;

/// Does what the form `typed` says; `None` if it is none of these forms. No case has version 0: whether the role may is looked
/// at before it, and goes on record.
pub(super) async fn handle(
    state: &WebState,
    actor: &Viewer,
    number: &CaseNumber,
    typed: &Typed,
) -> Option<Result<(), OfficeError>> {
    let version = typed.get("version").parse().unwrap_or(0);
    let (desk, reason) = (&state.desk, typed.get("reason"));
    let helper = MemberId(parse_id(typed.get("member")).unwrap_or_default());
    Some(match typed.action.as_str() {
        "add-handler" => {
            desk.add_handler(actor, number, version, helper, reason)
                .await
        }
        "remove-handler" => {
            desk.remove_handler(actor, number, version, helper, reason)
                .await
        }
        "meant" => {
            let is_meant = match typed.get("meant") {
                "yes" => Some(true),
                "no" => Some(false),
                _ => None,
            };
            desk.say_meant(actor, number, version, helper, is_meant)
                .await
        }
        "opinion" => {
            let text = typed.get("text");
            desk.write_opinion(actor, number, version, text).await
        }
        "sign-opinion" => {
            let agrees = typed.get("agrees") == "yes";
            let note = typed.get("note");
            desk.sign_opinion(actor, number, version, agrees, note)
                .await
        }
        _ => return None,
    })
}
