//! The checks of an answer before it is believed (spec unionpay-8583 §1.5): for each way in which
//! an answer can be wrong, what the ledger says, which reversal goes out, and who must sign in.

use std::sync::{Arc, Mutex};

use pos_domain::{Id, SaleStatus, UndoStatus};
use pos_iso8583::{Message, Mti};
use pos_ledger::Net;
use pos_scenarios::{Forger, Request, Shop, findings};
use pos_sim::Step;

/// What reaches the terminal instead of one answer.
type Wrong = fn(&Forger, &[u8]) -> Vec<Vec<u8>>;

/// Changes the first answer to a request of this kind.
fn spoil(shop: &Shop, kind: &'static str, wrong: Wrong) {
    let forger = shop.forger();
    let spent = Arc::new(Mutex::new(false));
    shop.link.tamper(Box::new(move |request, steps| {
        let mut spent = spent.lock().unwrap();
        if *spent || Request::of(request).kind() != kind {
            return steps;
        }
        *spent = true;
        let changed = |step| match step {
            Step::Send(bytes) => wrong(&forger, &bytes).into_iter().map(Step::Send).collect(),
            other => vec![other],
        };
        steps.into_iter().flat_map(changed).collect()
    }));
}

/// A shop that is signed in, and whose next answer of this kind is wrong; its reversal gets no
/// answer at first, so that what is owed can be looked at.
async fn spoiled(kind: &'static str, wrong: Wrong) -> (Shop, Id) {
    let shop = Shop::open();
    let first = shop.sell(1000).await.unwrap();
    spoil(&shop, kind, wrong);
    shop.fault("reversal_sale", "request_read", "drop");
    shop.fault("reversal_void", "request_read", "drop");
    if kind == "sale" {
        let sale = shop.sell(2500).await.unwrap();
        return (shop, sale);
    }
    shop.void_id(&first).await;
    (shop, first)
}

struct Owed {
    code: &'static str,
    reason: &'static str,
    sign_in: &'static str,
}

const fn owed(code: &'static str, reason: &'static str, sign_in: &'static str) -> Owed {
    Owed {
        code,
        reason,
        sign_in,
    }
}

async fn sale_is_unknown(wrong: Wrong, owed: Owed) {
    let (shop, sale) = spoiled("sale", wrong).await;
    let view = shop.view(&sale);
    assert_eq!((view.status, view.net), (SaleStatus::Unknown, Net::Unknown));
    assert_eq!(view.original.code.unwrap().to_string(), owed.code);
    reversal_goes_out(&shop, &sale, "reversal_sale", &owed);
    shop.link.honest();
    assert_eq!(shop.finish(9).await.unwrap().left, 0);
    assert_eq!(shop.status(&sale), SaleStatus::Reversed);
    assert_eq!(findings(&shop), []);
}

async fn void_is_unknown(wrong: Wrong, owed: Owed) {
    let (shop, sale) = spoiled("void", wrong).await;
    let undo = shop.view(&sale).undo.unwrap();
    assert_eq!(
        (undo.status, shop.view(&sale).net),
        (UndoStatus::Unknown, Net::Unknown)
    );
    assert_eq!(shop.undo(&undo.id).code.unwrap().to_string(), owed.code);
    reversal_goes_out(&shop, &sale, "reversal_void", &owed);
    shop.link.honest();
    assert_eq!(shop.finish(9).await.unwrap().left, 0);
    assert_eq!(shop.undo_status(&sale), Some(UndoStatus::Voided));
    assert_eq!(findings(&shop), []);
}

fn reversal_goes_out(shop: &Shop, sale: &Id, kind: &str, owed: &Owed) {
    let reversal = shop.reversal(sale);
    assert_eq!(reversal.status.as_str(), "owed");
    assert_eq!(reversal.reason.as_deref(), Some(owed.reason));
    assert_eq!(shop.last(kind).text(39), owed.reason);
    assert_eq!(shop.sign_in_needed(), owed.sign_in);
}

fn one(forger: &Forger, frame: &[u8], change: impl FnOnce(&mut Message)) -> Vec<Vec<u8>> {
    vec![forger.changed(frame, change)]
}

/// The two tests of one way to be wrong: for a sale and for a void.
macro_rules! unknown {
    ($name:ident, $owed:expr, $wrong:expr) => {
        mod $name {
            use super::*;

            #[tokio::test(start_paused = true)]
            async fn i06_of_a_sale() {
                sale_is_unknown($wrong, $owed).await;
            }

            #[tokio::test(start_paused = true)]
            async fn i06_of_a_void() {
                void_is_unknown($wrong, $owed).await;
            }
        }
    };
}

unknown!(another_type, owed("net.ANSWER_TYPE", "98", ""), |f, a| {
    one(f, a, |m| m.mti = Mti::AUTHORIZATION.response())
});
unknown!(
    another_processing_code,
    owed("net.ANSWER_PROCESSING_CODE", "06", ""),
    |f, a| one(f, a, |m| {
        m.fields.set(3, "310000");
    })
);
unknown!(another_trace, owed("net.ANSWER_TRACE", "98", ""), |f, a| {
    one(f, a, |m| {
        m.fields.set(11, "777777");
    })
});
unknown!(no_trace, owed("net.ANSWER_TRACE", "98", ""), |f, a| {
    one(f, a, |m| {
        m.fields.remove(11);
    })
});
unknown!(
    another_amount,
    owed("net.ANSWER_AMOUNT", "06", ""),
    |f, a| {
        one(f, a, |m| {
            m.fields.set(4, "000000000001");
        })
    }
);
unknown!(no_amount, owed("net.ANSWER_AMOUNT", "06", ""), |f, a| {
    one(f, a, |m| {
        m.fields.remove(4);
    })
});
unknown!(
    another_currency,
    owed("net.ANSWER_CURRENCY", "06", ""),
    |f, a| one(f, a, |m| {
        m.fields.set(49, "840");
    })
);
unknown!(
    another_terminal,
    owed("net.ANSWER_TERMINAL", "98", ""),
    |f, a| one(f, a, |m| {
        m.fields.set(41, "10000002");
    })
);
unknown!(
    no_terminal,
    owed("net.ANSWER_TERMINAL", "98", ""),
    |f, a| {
        one(f, a, |m| {
            m.fields.remove(41);
        })
    }
);
unknown!(
    another_merchant,
    owed("net.ANSWER_MERCHANT", "98", ""),
    |f, a| one(f, a, |m| {
        m.fields.set(42, "898310048140002");
    })
);
unknown!(
    no_merchant,
    owed("net.ANSWER_MERCHANT", "98", ""),
    |f, a| {
        one(f, a, |m| {
            m.fields.remove(42);
        })
    }
);
unknown!(
    no_code,
    owed("net.ANSWER_CODE_MISSING", "06", ""),
    |f, a| {
        one(f, a, |m| {
            m.fields.remove(39);
        })
    }
);
unknown!(no_mac, owed("net.MAC_MISSING", "A0", "mac"), |f, a| {
    vec![f.without_mac(a, |_| {})]
});
unknown!(wrong_mac, owed("net.MAC_WRONG", "A0", "mac"), |_, a| {
    let mut answer = a.to_vec();
    *answer.last_mut().unwrap() ^= 1;
    vec![answer]
});
unknown!(
    another_code_under_the_old_mac,
    owed("net.MAC_WRONG", "A0", "mac"),
    |f, a| {
        let mac = pos_iso8583::decode(a).unwrap().mac().copied().unwrap();
        let mut changed = f.changed(a, |m| {
            m.fields.set(39, "51");
        });
        let at = changed.len() - 8;
        changed[at..].copy_from_slice(&mac);
        vec![changed]
    }
);
unknown!(garbled, owed("net.ANSWER_GARBLED", "06", ""), |_, a| {
    let mut answer = a.to_vec();
    answer[15] ^= 0xFF;
    vec![answer]
});
unknown!(part_approval, owed("10", "06", ""), |f, a| {
    one(f, a, |m| {
        m.fields.set(39, "10");
    })
});
