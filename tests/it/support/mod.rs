//! What several suites need.

pub mod postgres;
pub mod s3;
pub mod script;
