//! What several suites need.

pub mod order;
pub mod postgres;
pub mod s3;
pub mod script;
