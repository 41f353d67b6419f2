//! What leaves the office is the office's own words, and goes to nobody who is accused.

use super::{REASON, Scene, on_both_stores, to_state};
use mifeng_sealing::tip::Status;
use mifeng_triage::casework::{self, Referral};
use mifeng_triage::model::{CaseState, PaperContent};
use mifeng_triage::office::OfficeError;
use mifeng_triage::store::TriageStore;
use std::sync::Arc;

const TIP: &str = "班主任在银杏巷十二号每周六收费补课，一次一百八十元。";

on_both_stores! {
    passed_on, a_case_is_passed_on_in_own_words_in_sqlite, a_case_is_passed_on_in_own_words_in_postgresql;
}

async fn passed_on(store: Arc<dyn TriageStore>) {
    let scene = Scene::new(store).await;
    let case = scene.case(TIP).await;
    let (actor, number) = (scene.dispatcher(), &case.number);
    let refer = async |addressee: &str, extract: &str| {
        let version = scene.file(&case).await.version;
        let referral = Referral {
            addressee,
            extract,
            told: "",
            reason: REASON,
        };
        casework::refer(&scene.office, actor, number, version, referral).await
    };
    let own = "有人反映一名教师在校外租房补课并收费，请核实。";
    // The school by its name, by a short form, and as part of a longer name; and the person.
    for accused in [
        "青溪县第二中学",
        "青溪县第二中学教务处",
        "青溪二中",
        "英语老师",
    ] {
        let refused = refer(accused, own).await;
        assert!(
            matches!(
                refused,
                Err(OfficeError::Unsound("addressee", "error-accused"))
            ),
            "{accused}"
        );
    }
    let copied = refer("县市场监管局", "反映：班主任在 银杏巷十二号，每周六收费。").await;
    let Err(OfficeError::Passage(passage)) = copied else {
        panic!("{copied:?}");
    };
    assert_eq!(*passage, "班主任在银杏巷十二号每周六收费");
    for (field, addressee, extract) in [("addressee", " ", own), ("extract", "县市场监管局", " ")]
    {
        let empty = refer(addressee, extract).await;
        assert!(matches!(empty, Err(OfficeError::Unsound(at, _)) if at == field));
    }
    assert_eq!(scene.file(&case).await.row.state, CaseState::Received);
    scene.delivers().await;
    refer("县市场监管局", own).await.expect("passed on");
    let file = scene.file(&case).await;
    assert_eq!(file.row.state, CaseState::Referred);
    let kept = file.papers.last().expect("kept");
    assert!(
        matches!(&kept.says, PaperContent::Extract { addressee, text } if addressee == "县市场监管局" && text == own)
    );
    assert_eq!(
        scene.sent(&case).await.last().map(|told| told.status),
        Some(Status::Referred)
    );
    let twice = refer("县市场监管局", own).await;
    assert!(matches!(twice, Err(OfficeError::NotPossible)));
    scene
        .moves(&case, to_state(CaseState::UnderInquiry))
        .await
        .expect("back");
    let back = refer("县公安局", own).await;
    assert!(back.is_ok(), "from an inquiry too");
}
