//! The tests: black-box through HTTP where they can be, one target for all.

mod attachments;
mod attack;
mod crash;
mod engine;
mod intake;
mod journey;
mod memory;
mod metadata;
mod names;
mod opening;
mod operator;
mod sealing;
mod similarity;
mod staff;
mod support;
mod viewer;
mod walls;
