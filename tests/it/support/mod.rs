//! What several suites need.

pub mod capture;
pub mod cutter;
pub mod disk;
pub mod headers;
pub mod lost_answer;
pub mod order;
pub mod postgres;
pub mod proxy;
pub mod s3;
pub mod script;
pub mod trap;

/// The zone of the offices of the tests. A day is always the office's day: in the hours in which another zone has another
/// date, a test that counts by that one fails and all others pass.
pub fn office_zone() -> jiff::tz::TimeZone {
    jiff::tz::TimeZone::get("Asia/Shanghai").expect("bundled")
}
