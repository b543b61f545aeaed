//! The data list of a card (PDOL, tag 9F38): what it wants to be told, and in which lengths.

use crate::terminal::Told;
use crate::tlv;

/// Longest data that still fits one short command, wrapped in tag 83.
const LONGEST: usize = 252;

/// One wish of the card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Wish {
    /// Which value.
    pub tag: u32,
    /// In how many bytes.
    pub len: usize,
}

/// Reads a data list.
///
/// # Errors
/// The offset where it stops being tags and lengths.
pub fn wishes(list: &[u8]) -> Result<Vec<Wish>, usize> {
    let mut wishes = Vec::new();
    let mut at = 0;
    while at < list.len() {
        let rest = list.get(at..).unwrap_or_default();
        let (tag, used) = tlv::tag(rest).ok_or(at)?;
        let len = usize::from(*rest.get(used).ok_or(at)?);
        wishes.push(Wish { tag, len });
        at = at.saturating_add(used).saturating_add(1);
    }
    Ok(wishes)
}

/// The data that answers the wishes, in their order and exact lengths (spec 6, step 3): unknown
/// tags become zeros; numbers keep their right end and are filled on the left; all else keeps its
/// left end and is filled on the right. `None` when it does not fit a command.
pub(crate) fn fulfil(wishes: &[Wish], told: &[Told]) -> Option<Vec<u8>> {
    let mut data = Vec::with_capacity(LONGEST);
    for wish in wishes {
        let value = told.iter().find(|told| told.tag == wish.tag);
        let bytes = value.map(Told::value).unwrap_or_default();
        let missing = wish.len.saturating_sub(bytes.len());
        if value.is_some_and(|told| told.numeric) {
            let kept = bytes.get(bytes.len().saturating_sub(wish.len)..);
            data.extend(std::iter::repeat_n(0, missing));
            data.extend_from_slice(kept.unwrap_or_default());
        } else {
            data.extend_from_slice(bytes.get(..wish.len.min(bytes.len())).unwrap_or_default());
            data.extend(std::iter::repeat_n(0, missing));
        }
        if data.len() > LONGEST {
            return None;
        }
    }
    Some(data)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::terminal::{Payment, PaymentKind, TerminalData, told};

    fn sample() -> Vec<Told> {
        let payment = Payment {
            kind: PaymentKind::Sale,
            amount: 123,
            currency: [0x01, 0x56],
            date: [0x26, 0x11, 0x24],
            unpredictable: [1, 2, 3, 4],
            counter: [0, 0, 0, 7],
        };
        told(&TerminalData::default(), &payment)
    }

    #[test]
    fn numbers_keep_the_right_end_and_others_the_left() {
        let list = [
            Wish {
                tag: 0x9F02,
                len: 2,
            },
            Wish {
                tag: 0x9F02,
                len: 8,
            },
            Wish {
                tag: 0x9F37,
                len: 2,
            },
            Wish {
                tag: 0x9F37,
                len: 6,
            },
            Wish {
                tag: 0xDF70,
                len: 3,
            },
        ];
        let data = fulfil(&list, &sample()).unwrap();
        let expected = [
            0x01, 0x23, 0, 0, 0, 0, 0, 0, 0x01, 0x23, 1, 2, 1, 2, 3, 4, 0, 0, 0, 0, 0,
        ];
        assert_eq!(data, expected);
    }

    #[test]
    fn a_list_that_asks_for_too_much_gives_nothing() {
        let list = [
            Wish {
                tag: 0x9F4E,
                len: 200,
            },
            Wish {
                tag: 0x9F4E,
                len: 53,
            },
        ];
        assert_eq!(fulfil(&list, &sample()), None);
    }

    #[test]
    fn a_cut_list_says_where() {
        assert_eq!(wishes(&[0x9F, 0x66, 4, 0x9F, 0x02]), Err(3));
        assert_eq!(wishes(&[0x9F, 0x66, 4, 0x9F]), Err(3));
        assert_eq!(wishes(&[]), Ok(vec![]));
    }
}
