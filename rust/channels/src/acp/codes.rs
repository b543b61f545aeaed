//! Verdicts of the gateway's answer codes (§2.2). The spec marks most of them uncertain: what is
//! not listed stays unknown.

use crate::wallet::Table;
use crate::wallet::Verdict::{Config, Curable, Done, No, Unknown};

/// Before a code as it is stored and explained: the card rail's codes are others.
pub const PREFIX: &str = "ACP.";

/// Sale by code, code to show.
pub const SALE: Table = &[
    ("03", Unknown),
    ("04", Unknown),
    ("05", Unknown),
    ("12", Unknown),
    ("01", No),
    ("60", No),
    ("61", No),
    ("64", No),
    ("10", Config),
    ("11", Config),
    ("13", Config),
];

/// Void and return. A number that was used before may be an earlier attempt.
pub const UNDO: Table = &[
    ("03", Unknown),
    ("04", Unknown),
    ("05", Unknown),
    ("12", Unknown),
    ("64", Curable),
    ("01", No),
    ("34", No),
    ("35", No),
    ("36", No),
    ("10", Config),
    ("11", Config),
    ("13", Config),
];

/// Reversal. Of an order that nobody knows there is nothing to take back.
pub const REVERSAL: Table = &[
    ("34", Done),
    ("03", Unknown),
    ("04", Unknown),
    ("05", Unknown),
    ("35", No),
    ("10", Config),
    ("11", Config),
    ("13", Config),
];

/// Query.
pub const QUERY: Table = &[
    ("34", Done),
    ("03", Unknown),
    ("04", Unknown),
    ("05", Unknown),
    ("10", Config),
    ("11", Config),
    ("13", Config),
];
