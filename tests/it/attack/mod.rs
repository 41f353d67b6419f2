//! What somebody tries who wants the office to stop, to leak or to lie: one test for each kind of attack.

mod manifests;
mod unlucky;
mod uploads;

mod cross_site;
mod doors;
pub mod faults;
mod keys;
pub mod relay;
mod sign_in;
mod signatures;
mod supervised;
