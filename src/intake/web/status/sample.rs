//! The page with one of everything and nothing filled in, for the script, which fills it in itself.

use super::aftercare::choices;
use super::{Aftercare, Door, MessageRow, Parts, Promise, Reached, StatusPage, steps};
use crate::web::files_view::FilesView;
use crate::web::page::Page;
use crate::web::views::ErrorView;
use mifeng_sealing::tip::Status;

impl<'a> StatusPage<'a> {
    /// The page with one of everything and nothing filled in.
    pub fn sample(page: &'a Page<'a>, files: FilesView, parts: Parts<'a>) -> Self {
        let blank = String::new;
        Self {
            page,
            code: "",
            question: Some(MessageRow {
                day: blank(),
                text: blank(),
                is_result: false,
                is_question: true,
                is_read: false,
            }),
            status_key: "status-stored".to_owned(),
            due_line: blank(),
            late: true,
            rule: blank(),
            next: blank(),
            opened: blank(),
            steps: steps(page, Status::Stored),
            timeline: vec![Reached {
                day: blank(),
                name: blank(),
            }],
            promises: vec![Promise {
                what: blank(),
                kept: blank(),
                is_late: false,
            }],
            calendar: format!("{}/day/{{day}}.ics", page.base()),
            calendar_day: blank(),
            messages: vec![MessageRow {
                day: blank(),
                text: blank(),
                is_result: false,
                is_question: false,
                is_read: false,
            }],
            sent: vec![blank()],
            left_out: blank(),
            withdrawn: true,
            just_sent: "",
            unread: true,
            door: Door::Open,
            can_object: true,
            aftercare: Some(Aftercare {
                after_days: 0,
                title: blank(),
                stopped: choices(page),
            }),
            done_key: "",
            typed: "",
            files,
            error: ErrorView::default(),
            parts: Some(parts),
        }
    }
}
