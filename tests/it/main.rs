//! Black-box tests.

mod engine;
mod support;
