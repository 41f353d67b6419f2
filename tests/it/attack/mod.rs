//! What somebody tries who wants the office to stop, to leak or to lie: one test for each kind of attack.

mod cross_site;
mod sign_in;
