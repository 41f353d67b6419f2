//! The tests of the whole house, in one target: a module for each room.

mod opening;
mod sealing;
