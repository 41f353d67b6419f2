//! Names: how they are written, and whether a tip names somebody.

mod finding;
mod letters;
mod measured;
