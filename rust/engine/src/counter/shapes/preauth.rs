//! Money that is held.

use pos_domain::Explanation;

use super::Sale;

/// A pre-authorisation with what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preauth {
    /// Itself.
    pub sale: Sale,
    /// What was added to it and holds, oldest first.
    pub additions: Vec<Sale>,
    /// All that is held, minor units.
    pub held: i64,
    /// The most that a completion may take, minor units.
    pub most_to_take: i64,
    /// The newest completion.
    pub completion: Option<Sale>,
    /// Why nothing can be completed now.
    pub blocked: Option<Explanation>,
}

/// A page of pre-authorisations that hold, newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PreauthPage {
    /// They.
    pub preauths: Vec<Preauth>,
    /// Where the next page begins; none at the end.
    pub next: Option<String>,
}
