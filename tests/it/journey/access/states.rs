//! Every public page in every state, collected from an intake through HTTP.

use crate::attachments::{Chosen, FORM, form_body, pdf, tip_fields};
use crate::intake::flood::while_waiting;
use crate::intake::{Anonymous, Answer, Intake, Place, TODAY, client};
use mifeng_foundation::clock::Day;
use mifeng_foundation::entropy::SystemEntropy;
use mifeng_sealing::PickupCode;
use mifeng_sealing::tip::{MailboxMessage, MessageKind, Status, TEXT_MAX_CHARS};

/// A page in a state.
#[derive(Clone)]
pub struct State {
    pub name: &'static str,
    pub language: &'static str,
    pub html: String,
}

struct Collector<'a> {
    anonymous: &'a Anonymous,
    language: &'static str,
    states: Vec<State>,
}

impl Collector<'_> {
    fn keep(&mut self, name: &'static str, status: u16, answer: Answer) {
        assert_eq!(answer.status, status, "{name}");
        self.states.push(State {
            name,
            language: self.language,
            html: answer.text,
        });
    }

    async fn get(&mut self, name: &'static str, status: u16, place: &str) {
        let path = format!("/qingxi/{}/{place}", self.language);
        let answer = self.anonymous.get(&path).await;
        self.keep(name, status, answer);
    }

    async fn post(
        &mut self,
        name: &'static str,
        status: u16,
        place: &str,
        fields: &[(&str, &str)],
    ) {
        let path = format!("/qingxi/{}/{place}", self.language);
        let answer = self.anonymous.form(&path, fields).await;
        self.keep(name, status, answer);
    }
}

pub async fn collect(language: &'static str) -> Vec<State> {
    let place = Place::furnished();
    let config = place.config(
        "enabled = false\n[onion]\nonion_address = \
         \"vww6ybal4bd7szmgncyruucpgfkqahzddi37ktceo3ah7ngmcopnpyyd.onion\"\n\
         [onion.listen]\naddress = \"127.0.0.1:0\"",
    );
    let intake = Intake::on(place, config).await;
    let anonymous = intake.anonymous();
    let mut pages = Collector {
        anonymous: &anonymous,
        language,
        states: Vec::new(),
    };
    for (name, place) in [
        ("start", ""),
        ("start-large", "l/"),
        ("form", "write"),
        ("form-large", "l/write"),
        ("check", "check"),
        ("help", "help"),
        ("poster", "poster"),
        ("card", "card"),
    ] {
        pages.get(name, 200, place).await;
    }
    let long = "长".repeat(TEXT_MAX_CHARS + 1);
    let tip = [
        ("category", "child-harm"),
        ("text", "A teacher did this."),
        ("school", "第三小学"),
    ];
    pages
        .post("form-empty", 422, "write", &[("text", "")])
        .await;
    pages
        .post("form-too-long", 413, "write", &[tip[0], ("text", &long)])
        .await;
    pages
        .post(
            "form-field",
            413,
            "write",
            &[tip[0], tip[1], ("school", &long[..3000])],
        )
        .await;
    let code = PickupCode::generate(&SystemEntropy);
    let coded = [("code", code.digits()), tip[0], tip[1], tip[2]];
    pages.post("code", 200, "write", &coded).await;
    pages.post("code-large", 200, "l/write", &coded).await;
    let other = [
        ("code", code.digits()),
        tip[0],
        ("text", "Another account\nin two lines"),
    ];
    pages.post("problem-409", 409, "write", &other).await;
    pages
        .post(
            "check-mistyped",
            422,
            "check",
            &[("pickup_code", &slip(&code))],
        )
        .await;
    let unknown = PickupCode::generate(&SystemEntropy);
    pages
        .post(
            "check-unknown",
            404,
            "check",
            &[("pickup_code", unknown.digits())],
        )
        .await;
    pages.get("problem-404", 404, "none").await;
    let huge = "x".repeat(1_100_000);
    pages
        .post("problem-413", 413, "write", &[("text", &huge)])
        .await;
    mailboxes(&intake, &mut pages, &code).await;
    let mut states = pages.states;
    intake.stop().await;
    states.extend(afterwards(language).await);
    states.extend(refusals(language).await);
    states.extend(waiting(language).await);
    states.extend(with_files(language).await);
    states
}

/// A photo that tells by whom it was taken.
fn telling_photo() -> Chosen {
    let name = "转账截图，三月五日晚上.jpg";
    let mut file = Chosen {
        name,
        bytes: crate::metadata::samples::jpeg(64, 48),
    };
    file.bytes.splice(2..2, *b"\xff\xfe\0\x0awho I am");
    file
}

/// The form when one file of three is not taken, and the page with the code after all of them were, without scripts.
async fn with_files(language: &'static str) -> Vec<State> {
    let intake = Intake::furnished().await;
    let anonymous = intake.anonymous();
    let mut pages = Collector {
        anonymous: &anonymous,
        language,
        states: Vec::new(),
    };
    let path = format!("/qingxi/{language}/write");
    let program = Chosen {
        name: "setup.exe",
        bytes: b"MZ\x90\0 and more".to_vec(),
    };
    let good = [telling_photo(), pdf("收费通知.pdf")];
    let fields = tip_fields("", "What was typed stays\nas it was typed.");
    let wrong = [good.as_slice(), &[program]].concat();
    for (name, status, files) in [
        ("form-file-wrong", 415, wrong.as_slice()),
        ("code-files", 200, &good),
    ] {
        let answer = anonymous.post(&path, FORM, form_body(&fields, files)).await;
        pages.keep(name, status, answer);
    }
    let states = pages.states;
    intake.stop().await;
    states
}

/// The page of those who wait, without scripts, as it stands while one waits and as it ends.
async fn waiting(language: &'static str) -> Vec<State> {
    let place = Place::furnished();
    let config = place.config(
        "requests_per_minute = 60000\nburst = 60000\n[flood]\nload_mark_per_minute = 0\n\
         queue_per_minute = 60",
    );
    let intake = Intake::on(place, config).await;
    let url = format!("{}/qingxi/{language}/write", intake.public);
    let sends = async |text: &str| {
        let request = client().post(&url);
        let sent = request
            .form(&[("category", "other"), ("text", text)])
            .send();
        sent.await.expect("an answer")
    };
    let first = sends("the first place").await;
    let mut response = sends("What was written stands here\nin two lines").await;
    let waits = while_waiting(&mut response).await;
    let rest = response.text().await.expect("the rest of the page");
    let ended = format!("{waits}{rest}");
    // What stands there until the turn has come, in a frame that is whole.
    let (before, _) = rest.split_once("<link").expect("the turn came");
    let (_, after) = rest.rsplit_once("</main>").expect("it ends");
    let waits = format!("{waits}{before}</main>{after}");
    drop(first);
    intake.stop().await;
    [("waiting", waits), ("waited", ended)]
        .map(|(name, html)| State {
            name,
            language,
            html,
        })
        .into()
}

fn slip(code: &PickupCode) -> String {
    let mut digits: Vec<char> = code.digits().chars().collect();
    digits[3] = if digits[3] == '9' { '0' } else { '9' };
    digits.into_iter().collect()
}

/// The status page in the states that an office can bring about.
async fn mailboxes(intake: &Intake, pages: &mut Collector<'_>, code: &PickupCode) {
    let open = [("pickup_code", code.digits())];
    pages.post("status-stored", 200, "check", &open).await;
    let triage = intake.triage();
    let tip = triage.only_tip().await;
    let today: Day = TODAY.parse().expect("a day");
    let question = "请问补课从哪一周开始？\n在什么地方？";
    let states = [
        (
            "status-received",
            MessageKind::Status,
            Status::Received,
            Some(60),
            "",
        ),
        (
            "status-question",
            MessageKind::Message,
            Status::Accepted,
            Some(60),
            question,
        ),
        (
            "status-late",
            MessageKind::Status,
            Status::UnderInquiry,
            Some(-3),
            "",
        ),
        (
            "status-referred",
            MessageKind::Status,
            Status::Referred,
            None,
            "",
        ),
        (
            "status-declined",
            MessageKind::Message,
            Status::Declined,
            None,
            "不归我们管，已转市场监管局。",
        ),
        (
            "status-concluded",
            MessageKind::Result,
            Status::Concluded,
            None,
            "查实了，已责令退费。谢谢您说出来。",
        ),
    ];
    for ((sequence, id), (name, kind, status, due, text)) in (1..).zip(1..).zip(states) {
        let mut message = MailboxMessage::new(sequence, today, kind, status);
        message.due_day = due.map(|days| today.plus_days(days));
        text.clone_into(&mut message.text);
        triage.answers(&tip, id, &message).await;
        pages.post(name, 200, "check", &open).await;
    }
    let reply = [open[0], ("text", "开学第二周开始。")];
    pages
        .post("status-replied", 200, "check/reply", &reply)
        .await;
    pages
        .post(
            "status-empty-reply",
            422,
            "check/reply",
            &[open[0], ("text", " ")],
        )
        .await;
}

/// Weeks after the decision: what is asked then, and leaving for good.
async fn afterwards(language: &'static str) -> Vec<State> {
    let intake = Intake::furnished().await;
    let anonymous = intake.anonymous();
    let mut pages = Collector {
        anonymous: &anonymous,
        language,
        states: Vec::new(),
    };
    let reporter = anonymous.tells("周末在家里补课").await;
    let open = ("pickup_code", reporter.code.as_str());
    let day = TODAY.parse::<Day>().expect("a day").plus_days(-40);
    let mut result = MailboxMessage::new(1, day, MessageKind::Result, Status::Concluded);
    "查实了，已责令退费。".clone_into(&mut result.text);
    let triage = intake.triage();
    triage.answers(&triage.only_tip().await, 1, &result).await;
    pages.post("status-aftercare", 200, "check", &[open]).await;
    let unanswered = [open, ("after_days", "30"), ("text", "还没有退")];
    pages
        .post("status-unanswered", 422, "check/aftercare", &unanswered)
        .await;
    pages
        .post("status-not-sure", 422, "check/forget", &[open])
        .await;
    pages
        .post("forgotten", 200, "check/forget", &[open, ("sure", "yes")])
        .await;
    let states = pages.states;
    intake.stop().await;
    states
}

/// Pages of a service that is full, and of one that has had too many.
async fn refusals(language: &'static str) -> Vec<State> {
    let mut states = Vec::new();
    let tip = [
        ("category", "other"),
        ("text", "What was typed stays\nas it was typed."),
    ];
    let strict = Place::furnished();
    let config = strict
        .config("requests_per_minute = 1\nburst = 1\nslow_down_max_ms = 0\nguesses_per_minute = 1");
    let full = Place::furnished();
    let mut full_config = full.config("enabled = false");
    full_config.quota_bytes = 1000;
    for (place, config, name, status) in [
        (strict, config, "form-429", 429),
        (full, full_config, "form-503", 503),
    ] {
        let intake = Intake::on(place, config).await;
        let anonymous = intake.anonymous();
        let mut pages = Collector {
            anonymous: &anonymous,
            language,
            states: Vec::new(),
        };
        if status == 429 {
            pages
                .post("check-first", 422, "check", &[("pickup_code", "1")])
                .await;
            pages
                .post("form-first", 422, "write", &[("text", "")])
                .await;
            pages.states.clear();
            pages
                .post("check-429", 429, "check", &[("pickup_code", "1")])
                .await;
            let reply = [("pickup_code", "1"), ("text", "An answer\nthat stays")];
            pages.post("problem-429", 429, "check/reply", &reply).await;
        }
        pages.post(name, status, "write", &tip).await;
        states.extend(pages.states);
        intake.stop().await;
    }
    states
}
