//! Opening: the public age test kit, and the stock `age` command on what we seal.

pub mod age_testkit;
mod stock_age;
