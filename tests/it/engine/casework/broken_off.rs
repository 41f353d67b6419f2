//! Each step at the desk is done whole or not at all: it is tried with a database that breaks off at the first row that it
//! writes, at the second, and so on until it is done.

use super::{Case, REASON, Scene, conclusion, grounds, to_state};
use crate::support::postgres::fresh_database;
use crate::support::trap::Trap;
use mifeng_triage::casework::{self, Shown};
use mifeng_triage::model::{CaseState, Role, Viewer};
use mifeng_triage::office::OfficeError;
use mifeng_triage::views;
use std::sync::Arc;

/// More rows than any step writes.
const ROWS_MAX: u32 = 200;

/// Steps, in an order in which each can be done.
#[derive(Clone, Copy, Debug)]
enum Deed {
    Accept,
    Give,
    AddHandler,
    Study,
    WriteOpinion,
    SignOpinion,
    RemoveHandler,
    Join,
    JoinThird,
    Split,
    SplitLeading,
    Conclude,
    ProposeClosing,
    ApproveClosing,
    Reopen,
    AskPassing,
    PassUp,
}

const DEEDS: [Deed; 18] = [
    Deed::Accept,
    Deed::Give,
    Deed::AddHandler,
    Deed::Study,
    Deed::WriteOpinion,
    Deed::SignOpinion,
    Deed::RemoveHandler,
    Deed::Join,
    Deed::JoinThird,
    Deed::Split,
    Deed::Join,
    Deed::SplitLeading,
    Deed::Conclude,
    Deed::ProposeClosing,
    Deed::ApproveClosing,
    Deed::Reopen,
    Deed::AskPassing,
    Deed::PassUp,
];

impl Deed {
    async fn is_done(
        self,
        scene: &Scene,
        [case, other, third]: [&Case; 3],
    ) -> Result<(), OfficeError> {
        let (office, dispatcher, number) = (&scene.office, scene.dispatcher(), &case.number);
        let file = scene.file(case).await;
        match self {
            Self::Accept => scene.moves(case, to_state(CaseState::Accepted)).await,
            Self::Give => {
                let mut others = scene.staff.iter().filter(|member| {
                    member.role == Role::Investigator && Some(member.id) != file.handler_id
                });
                let next = others.next().expect("several work there").id;
                casework::assign(office, dispatcher, number, file.version, next, REASON).await
            }
            Self::AddHandler => {
                let helper = scene.helper(case).await.id;
                casework::add_handler(office, dispatcher, number, file.version, helper, REASON)
                    .await
            }
            Self::Study => scene.moves(case, to_state(CaseState::JointStudy)).await,
            Self::WriteOpinion => {
                let handler = scene.handler(case).await;
                casework::write_opinion(office, handler, number, file.version, REASON).await
            }
            Self::SignOpinion => {
                let helper = scene.helper(case).await;
                casework::sign_opinion(office, helper, number, file.version, true, "").await
            }
            Self::RemoveHandler => {
                let helper = scene.helper(case).await.id;
                casework::remove_handler(office, dispatcher, number, file.version, helper, REASON)
                    .await
            }
            Self::Join | Self::JoinThird => {
                let other = if matches!(self, Self::Join) {
                    other
                } else {
                    third
                };
                let shown = Shown {
                    one: (number, file.version),
                    other: (&other.number, scene.file(other).await.version),
                };
                casework::join(office, dispatcher, &shown, REASON)
                    .await
                    .map(drop)
            }
            Self::Split => {
                // That which is joined again afterwards.
                let joined = file.tips.iter().find(|tip| tip.number == other.number);
                assert!(joined.is_some_and(|tip| tip.joined_day.is_some()));
                casework::split(
                    office,
                    dispatcher,
                    &other.number,
                    file.version,
                    true,
                    REASON,
                )
                .await
            }
            Self::SplitLeading => {
                assert_eq!((file.tips.len(), &file.row.number), (3, number));
                casework::split(office, dispatcher, number, file.version, true, REASON).await
            }
            Self::Conclude => {
                casework::conclude(office, dispatcher, number, file.version, conclusion()).await
            }
            Self::ProposeClosing => {
                let handler = scene.handler(case).await;
                casework::propose_closing(office, handler, number, file.version, grounds(), &[])
                    .await
            }
            Self::ApproveClosing => scene.approves(case, scene.supervisor()).await,
            Self::Reopen => scene.moves(case, to_state(CaseState::Reopened)).await,
            Self::AskPassing => {
                casework::ask_passing(office, dispatcher, number, file.version, REASON).await
            }
            Self::PassUp => {
                casework::approve_passing(office, scene.supervisor(), number, file.version).await
            }
        }
    }
}

async fn each_step_is_whole_or_nothing(url: &str) {
    let mut scene = Scene::new(crate::engine::cases(url).await).await;
    let cases = [
        scene.case("课上不讲，课后收费").await,
        scene.case("老师让全班去他家补课").await,
        scene.case("一节课收一百块").await,
    ];
    let cases = cases.each_ref();
    scene.delivers().await;
    let mut trap = Trap::in_store(url).await;
    for deed in DEEDS {
        let before = trap.rows().await;
        let seen = scene.standing(cases).await;
        let mut row = 0;
        loop {
            row += 1;
            assert!(row < ROWS_MAX, "{deed:?} is never done");
            trap.set(row).await;
            let done = deed.is_done(&scene, cases).await;
            trap.set(0).await;
            match done {
                Ok(()) => break,
                Err(OfficeError::Store(_)) => {}
                Err(refused) => panic!("{deed:?} at row {row}: {refused}"),
            }
            let after = trap.rows().await;
            assert!(after == before, "{deed:?} left something at row {row}");
            assert_eq!(scene.standing(cases).await, seen, "{deed:?} in memory");
            scene = scene.restarted().await;
            assert_eq!(scene.standing(cases).await, seen, "{deed:?} at a start");
        }
        assert!(row > 2, "{deed:?} writes several rows");
        assert!(trap.rows().await != before, "{deed:?} is done");
        let seen = scene.standing(cases).await;
        scene = scene.restarted().await;
        assert_eq!(scene.standing(cases).await, seen);
        scene.delivers().await;
    }
}

impl Scene {
    /// The last investigator who does not lead the case.
    async fn helper(&self, case: &Case) -> &Viewer {
        let leads = self.file(case).await.handler_id;
        let mut others = self
            .staff
            .iter()
            .rev()
            .filter(|member| member.role == Role::Investigator && Some(member.id) != leads);
        others.next().expect("several work there")
    }

    /// The same after triage was killed and started again.
    pub(super) async fn restarted(self) -> Self {
        let office = crate::engine::office(&self.key, Arc::clone(&self.store)).await;
        Self { office, ..self }
    }

    /// What is seen of each.
    async fn standing(&self, cases: [&Case; 3]) -> Vec<String> {
        let mut standing = Vec::new();
        for case in cases {
            let Ok(file) = views::case(&self.office, self.dispatcher(), &case.number).await else {
                standing.push("not to be seen".to_owned());
                continue;
            };
            let tips: Vec<_> = file.tips.iter().map(|tip| &tip.number).collect();
            standing.push(format!(
                "{:?} version {} handler {:?} handling {:?} tips {tips:?} lines {}",
                file.row.state,
                file.version,
                file.handler_id,
                file.handling,
                file.history.len()
            ));
        }
        standing
    }
}

#[tokio::test]
async fn each_step_is_whole_or_nothing_in_sqlite() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("triage.sqlite");
    let url = format!("sqlite:{}", path.display());
    Box::pin(each_step_is_whole_or_nothing(&url)).await;
}

#[tokio::test]
async fn each_step_is_whole_or_nothing_in_postgresql() {
    let url = fresh_database().await;
    Box::pin(each_step_is_whole_or_nothing(&url)).await;
}
