//! Money that is held.

use pos_engine::counter::{Preauth, PreauthPage, Sale};
use pos_engine::domain::Explanation;

#[uniffi::remote(Record)]
pub struct Preauth {
    pub sale: Sale,
    pub additions: Vec<Sale>,
    pub held: i64,
    pub most_to_take: i64,
    pub completion: Option<Sale>,
    pub blocked: Option<Explanation>,
}

#[uniffi::remote(Record)]
pub struct PreauthPage {
    pub preauths: Vec<Preauth>,
    pub next: Option<String>,
}
