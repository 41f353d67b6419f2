//! The invented staff: one of each role, an investigator for every unit of the sample rules, and the two
//! recusals that the samples test.

use super::place::{DemoOffice, random_word};
use crate::{NewMember, OperatorError, add_member};
use mifeng_foundation::clock::Clock;
use mifeng_foundation::entropy::Entropy;
use mifeng_triage::model::Role;
use serde::Serialize;
use std::sync::Arc;

/// An account as `demo.json` tells it.
#[derive(Debug, Serialize)]
pub struct Account {
    /// What is typed to sign in.
    pub login: String,
    /// Made for this demo.
    pub password: String,
    /// The role's word.
    pub role: &'static str,
}

/// Login, name, role, unit, recused schools.
type Row = (
    &'static str,
    &'static str,
    Role,
    Option<&'static str>,
    &'static [&'static str],
);

const STAFF: [Row; 11] = [
    (
        "dispatcher",
        "陶文清",
        Role::Dispatcher,
        Some("jiancha"),
        &[],
    ),
    (
        "jiancha",
        "季云舟",
        Role::Investigator,
        Some("jiancha"),
        &[],
    ),
    ("dudao", "温以宁", Role::Investigator, Some("dudao"), &[]),
    // Recused from the school his wife teaches at.
    (
        "dudao2",
        "郁长河",
        Role::Investigator,
        Some("dudao"),
        &["qx-1z"],
    ),
    ("jijiao", "冉秋实", Role::Investigator, Some("jijiao"), &[]),
    (
        "zhengjiao",
        "柳见山",
        Role::Investigator,
        Some("zhengjiao"),
        &[],
    ),
    (
        "zhicheng",
        "莫晓岚",
        Role::Investigator,
        Some("zhicheng"),
        &[],
    ),
    ("supervisor", "商颂之", Role::Supervisor, None, &[]),
    // Principal of the school, and one of the leading group: s09 of the samples is about him.
    ("principal", "何志远", Role::Supervisor, None, &["qx-1z"]),
    ("admin", "阎守拙", Role::Administrator, None, &[]),
    ("auditor", "苗若水", Role::Auditor, None, &[]),
];

/// Creates the accounts in the store of `office`.
pub async fn create(
    office: &DemoOffice,
    clock: &dyn Clock,
    entropy: &Arc<dyn Entropy>,
) -> Result<Vec<Account>, OperatorError> {
    let mut accounts = Vec::with_capacity(STAFF.len());
    for (login, name, role, unit, schools) in STAFF {
        let password = random_word(&**entropy);
        let member = NewMember {
            login: login.to_owned(),
            name: name.to_owned(),
            role,
            unit: unit.map(str::to_owned),
            email: format!("{login}@{}.example", office.slug),
            recused_schools: schools.iter().map(|&school| school.to_owned()).collect(),
            recused_names: Vec::new(),
        };
        add_member(
            &office.triage_config,
            member,
            password.as_str().into(),
            clock,
            entropy,
        )
        .await?;
        accounts.push(Account {
            login: login.to_owned(),
            password: password.to_string(),
            role: role.code(),
        });
    }
    Ok(accounts)
}
