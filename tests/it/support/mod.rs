//! What several suites need.

pub mod capture;
pub mod cutter;
pub mod disk;
pub mod headers;
pub mod order;
pub mod postgres;
pub mod proxy;
pub mod s3;
pub mod script;
pub mod trap;
