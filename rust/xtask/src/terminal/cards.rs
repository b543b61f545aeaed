//! The cards that lie on the counter: what the reader reads, and what the issuer says.
//!
//! The numbers are made up; only the simulated hosts know them.

use serde_json::{Value, json};

/// One card.
struct Card {
    name: &'static str,
    number: &'static str,
    /// YYMM.
    expiry: &'static str,
    /// What the simulated issuer makes of it, in the hosts' own TOML; empty = nothing special.
    issuer: &'static str,
}

/// The PIN that its holder types.
const PIN: &str = "123456";
/// A magnetic stripe for use anywhere, PIN asked (ISO 7813), then discretionary digits.
const SERVICE: &str = "1060000000000";

const CARDS: &[Card] = &[
    Card {
        name: "good",
        number: "6222020000000114",
        expiry: "3012",
        issuer: "",
    },
    Card {
        name: "good2",
        number: "6225880000000225",
        expiry: "3106",
        issuer: "",
    },
    Card {
        name: "expired",
        number: "6228480000000338",
        expiry: "2401",
        issuer: "code = \"54\"",
    },
    Card {
        name: "wrong_pin",
        number: "6222620000000442",
        expiry: "3012",
        issuer: "pin = \"888888\"",
    },
    Card {
        name: "no_money",
        number: "6227000000000558",
        expiry: "3012",
        issuer: "balance = 100",
    },
    Card {
        name: "stolen",
        number: "6221550000000665",
        expiry: "3012",
        issuer: "code = \"43\"",
    },
];

/// What the simulated reader reads from the card of this name.
pub fn swiped(name: &str) -> Option<Value> {
    let Card { number, expiry, .. } = CARDS.iter().find(|card| card.name == name)?;
    Some(json!({ "entry": "swipe", "track2": format!("{number}={expiry}{SERVICE}"), "pin": PIN }))
}

/// The list for the simulated hosts.
pub fn for_hosts() -> String {
    let special = CARDS.iter().filter(|card| !card.issuer.is_empty());
    let tables: Vec<String> = special
        .map(|Card { number, issuer, .. }| format!("[[card]]\npan = \"{number}\"\n{issuer}\n"))
        .collect();
    tables.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_have_their_check_digit() {
        for Card { name, number, .. } in CARDS {
            let doubled = |(place, digit): (usize, u32)| match (place % 2, digit * 2) {
                (0, _) => digit,
                (_, twice) => twice / 10 + twice % 10,
            };
            let digits = number.chars().rev().filter_map(|c| c.to_digit(10));
            let sum: u32 = digits.enumerate().map(doubled).sum();
            assert_eq!((number.len(), sum % 10), (16, 0), "{name}");
        }
    }

    #[test]
    fn the_list_for_the_hosts_is_toml() {
        let table: toml::Table = for_hosts().parse().unwrap();
        assert_eq!(table["card"].as_array().unwrap().len(), 4);
        assert_eq!(table["card"][1]["pin"].as_str(), Some("888888"));
    }

    #[test]
    fn a_card_is_presented_by_its_name() {
        let card = swiped("good").unwrap();
        assert_eq!(card["track2"], "6222020000000114=30121060000000000");
        assert_eq!(swiped("nobody's"), None);
    }
}
