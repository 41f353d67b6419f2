//! Files in a form: who has them sealed, and which arrived.

use super::findings::{Findings, keys};
use crate::attachments::{FileProblem, Lane, Room, Target};
use crate::config::AttachmentLimits;
use crate::desk::IntakeDesk;
use crate::pickup;
use crate::problem::Problem;
use crate::rate_limits::{RateLimits, Source};
use crate::request::Pace;
use actix_web::web::Bytes;
use futures_util::Stream;
use mifeng_sealing::tip::{Attachment, Category};
use mifeng_sealing::{MailboxSecrets, OfficeManifest, PickupCode};
use std::cell::RefCell;
use std::collections::BTreeMap;

/// The field with what is known of files that arrived with an earlier try of the form.
const KEPT_FIELD: &str = "files_kept";

/// The field with what was found in them.
const FINDINGS_FIELD: &str = "files_findings";

type Fields = BTreeMap<String, String>;

/// Which form it is, and so whom its files are for.
enum Of<'a> {
    Tip,
    Reply(Entrance<'a>),
}

/// Where who says something under a code is let in, once for a form: with its first file, or once it was read.
struct Entrance<'a> {
    limits: &'a RateLimits,
    source: Source,
    /// Slug of the office that reads it.
    entered: RefCell<Option<Result<String, Problem>>>,
}

/// Has a form's files sealed.
pub struct FileTaker<'a> {
    of: Of<'a>,
    desk: &'a IntakeDesk,
    office: &'a OfficeManifest,
    /// The sender's, and where what it sends is counted.
    from: Option<(Lane, &'a RateLimits)>,
    /// Why none is taken: the sender came too often, or the form has no files.
    refused: Option<Problem>,
}

/// The files of a form: those that are sealed by now, and the first thing that was wrong with one.
#[derive(Default)]
pub struct Files {
    /// Sealed and on disk.
    pub attachments: Vec<Attachment>,
    /// What was found in them.
    pub findings: Findings,
    problem: Option<Problem>,
}

impl Files {
    /// Remembers what was wrong, if it is the first.
    pub fn spoil(&mut self, problem: Problem) {
        self.problem.get_or_insert(problem);
    }

    /// What was wrong.
    ///
    /// # Errors
    /// The first [`Problem`] with a file.
    pub fn verdict(&self) -> Result<(), Problem> {
        self.problem.map_or(Ok(()), Err)
    }
}

impl<'a> FileTaker<'a> {
    /// For the form of a tip, which `source` sends. `admitted` is what the limits say of it.
    pub fn of_tip(
        desk: &'a IntakeDesk,
        office: &'a OfficeManifest,
        (limits, source): (&'a RateLimits, Source),
        admitted: Result<(), Problem>,
    ) -> Self {
        Self {
            of: Of::Tip,
            desk,
            office,
            from: Some((limits.lane_of_uploads(source), limits)),
            refused: admitted.err(),
        }
    }

    /// For the form of an addition, which `source` sends.
    pub fn of_reply(
        desk: &'a IntakeDesk,
        office: &'a OfficeManifest,
        limits: &'a RateLimits,
        source: Source,
    ) -> Self {
        let entrance = Entrance {
            limits,
            source,
            entered: RefCell::default(),
        };
        Self {
            of: Of::Reply(entrance),
            desk,
            office,
            from: Some((limits.lane_of_uploads(source), limits)),
            refused: None,
        }
    }

    /// For a form that has no files.
    pub fn of_none(desk: &'a IntakeDesk, office: &'a OfficeManifest) -> Self {
        Self {
            of: Of::Tip,
            desk,
            office,
            from: None,
            refused: Some(FileProblem::NotTaken.into()),
        }
    }

    /// Lets in who says something under `code`: the slug of the office that reads it. Who was let in or refused with a
    /// file of the same form is not asked again.
    pub async fn enter(&self, code: &PickupCode) -> Result<String, Problem> {
        let Of::Reply(entrance) = &self.of else {
            return Err(FileProblem::NotTaken.into());
        };
        let before = entrance.entered.borrow().clone();
        if let Some(entered) = before {
            return entered;
        }
        let lookup = MailboxSecrets::derive(code, self.office.slug()).lookup();
        let Entrance { limits, source, .. } = entrance;
        let entered = pickup::enter(self.desk, limits, *source, self.office, &lookup).await;
        *entrance.entered.borrow_mut() = Some(entered.clone());
        entered
    }

    /// How quickly the form must arrive: `step_s` for its fields and for each piece of a file.
    pub fn pace(&self, step_s: u64) -> Pace {
        let limits = self.limits();
        Pace::new(step_s, limits.least_bytes_per_s, limits.upload_timeout_s)
    }

    /// How much of files that are not taken is listened to.
    pub fn hear_out_max_bytes(&self) -> u64 {
        2 * self.limits().together_max_bytes
    }

    fn limits(&self) -> AttachmentLimits {
        let attachments = self.desk.attachments.as_ref();
        attachments.map_or_else(AttachmentLimits::default, |one| *one.limits())
    }

    /// The files that arrived with an earlier try and were not unchosen since.
    pub fn kept(fields: &Fields) -> Files {
        let list = fields.get(KEPT_FIELD).map_or("[]", String::as_str);
        let mut attachments: Vec<Attachment> = serde_json::from_str(list).unwrap_or_default();
        attachments.retain(|one| fields.contains_key(&format!("keep-{}", one.id)));
        let findings = fields.get(FINDINGS_FIELD).map_or("{}", String::as_str);
        Files {
            attachments,
            findings: serde_json::from_str(findings).unwrap_or_default(),
            problem: None,
        }
    }

    /// Has one file sealed and noted in `files`.
    pub async fn take<E>(
        &self,
        fields: &Fields,
        files: &mut Files,
        name: &str,
        bytes: &mut (impl Stream<Item = Result<Bytes, E>> + Unpin),
    ) -> Result<(), Problem> {
        if let Some(problem) = self.refused {
            return Err(problem);
        }
        let attachments = self.desk.attachments.as_ref();
        let attachments = attachments.ok_or(FileProblem::NotTaken)?;
        let (lane, limits) = self.from.ok_or(FileProblem::NotTaken)?;
        let target = self.target(fields).await?;
        let room = Room::of(&files.attachments);
        let taken = attachments.seal((&target, lane), name, bytes, room).await;
        let (sealed, report) = taken?;
        limits.flood().count_upload(sealed.size_bytes);
        files.findings.insert(sealed.id.clone(), keys(&report));
        files.attachments.push(sealed);
        Ok(())
    }

    async fn target(&self, fields: &Fields) -> Result<Target, Problem> {
        let (desk, office) = (self.desk, self.office);
        let field = |name: &str| fields.get(name).map_or("", String::as_str);
        let target = match &self.of {
            Of::Tip => {
                let category: Option<Category> = field("category").parse().ok();
                let only_above = field("only_above") == "yes";
                let target = |category| desk.target_of_tip(office, category, only_above);
                let target = category.map(|category| target(category).ok_or(Problem::NobodyAbove));
                target.transpose()?
            }
            Of::Reply(_) => {
                let code = PickupCode::parse(field("pickup_code"))?;
                desk.target_of_reply(office, self.enter(&code).await?)
            }
        };
        Ok(target.ok_or(FileProblem::NoAddressee)?)
    }
}
