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
    entry: Entry,
    /// What the simulated issuer makes of it, in the hosts' own TOML; empty = nothing special.
    issuer: &'static str,
}

/// How it comes to the reader.
#[derive(Clone, Copy)]
enum Entry {
    Swiped,
    /// Held to it: the app's own core reads it.
    Held {
        owner_checked: bool,
    },
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
        entry: Entry::Swiped,
        issuer: "",
    },
    Card {
        name: "good2",
        number: "6225880000000225",
        expiry: "3106",
        entry: Entry::Swiped,
        issuer: "",
    },
    Card {
        name: "expired",
        number: "6228480000000338",
        expiry: "2401",
        entry: Entry::Swiped,
        issuer: "code = \"54\"",
    },
    Card {
        name: "wrong_pin",
        number: "6222620000000442",
        expiry: "3012",
        entry: Entry::Swiped,
        issuer: "pin = \"888888\"",
    },
    Card {
        name: "no_money",
        number: "6227000000000558",
        expiry: "3012",
        entry: Entry::Swiped,
        issuer: "balance = 100",
    },
    Card {
        name: "stolen",
        number: "6221550000000665",
        expiry: "3012",
        entry: Entry::Swiped,
        issuer: "code = \"43\"",
    },
    Card {
        name: "held_card",
        number: "6222020000000775",
        expiry: "3012",
        entry: Entry::Held {
            owner_checked: false,
        },
        issuer: "",
    },
    Card {
        name: "held_phone",
        number: "6225880000000886",
        expiry: "3012",
        entry: Entry::Held {
            owner_checked: true,
        },
        issuer: "",
    },
    Card {
        name: "held_band",
        number: "6222620000000996",
        expiry: "3012",
        entry: Entry::Held {
            owner_checked: false,
        },
        issuer: "",
    },
];

/// What the simulated reader gets of the card of this name.
pub fn presented(name: &str) -> Option<Value> {
    let card = CARDS.iter().find(|card| card.name == name)?;
    let Card { number, expiry, .. } = card;
    Some(match card.entry {
        Entry::Swiped => {
            json!({ "entry": "swipe", "track2": format!("{number}={expiry}{SERVICE}"), "pin": PIN })
        }
        Entry::Held { owner_checked } => json!({
            "entry": "held", "pan": number, "expiry": expiry, "pin": PIN,
            "owner_checked": owner_checked,
        }),
    })
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
        let card = presented("good").unwrap();
        assert_eq!(card["track2"], "6222020000000114=30121060000000000");
        let held = presented("held_phone").unwrap();
        assert_eq!(held["pan"], "6225880000000886");
        assert_eq!(held["owner_checked"], true);
        assert_eq!(presented("nobody's"), None);
    }
}
