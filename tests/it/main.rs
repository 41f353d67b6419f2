//! The integration tests: one program, one folder a room.

mod operator;
