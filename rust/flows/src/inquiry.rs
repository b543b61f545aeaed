//! Balance inquiry (余额查询): moves no money, owes nothing, and keeps no balance.

use pos_channels::unionpay::{balance, inquiry};
use pos_diagnosis::{Situation, Verdict, verdict_in};
use pos_domain::status::AttemptState;
use pos_domain::{CardInput, Code, LocalCode, Rail};

use crate::desk::{Desk, packing_code, state};
use crate::error::FlowError;
use crate::gate::Gate;
use crate::transmit::{Told, keep_others, log_exchange};

/// What an inquiry came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inquired {
    /// The balance in minor units, negative for a debit balance.
    Balance(i64),
    /// No balance, and why.
    Failed(Code),
}

impl Desk {
    /// Asks for the balance of a card, after what must go first. The balance is told and stored
    /// nowhere.
    ///
    /// # Errors
    /// Those of the ledger.
    pub async fn inquire(&self, who: &str, card: &CardInput) -> Result<Inquired, FlowError> {
        if let Gate::Blocked(code) = self.gate(who).await? {
            return Ok(Inquired::Failed(code));
        }
        self.reserve_traces()?;
        let committed = self.write(who, |tx| {
            let (trace, batch) = (tx.next_trace()?, tx.query().batch()?);
            let draft = inquiry(&self.rules.identity, &trace, &batch, card);
            self.commit_attempt(tx, "inquiry", None, None, &draft, (&trace, &batch))
        });
        let sending = match committed {
            Ok(sending) => sending,
            Err(FlowError::Draft(error)) => {
                return Ok(Inquired::Failed(packing_code(&error).into()));
            }
            Err(error) => return Err(error),
        };
        let heard = self.transmit(&sending.frame, &sending.expected).await;
        log_exchange("inquiry", &sending.attempt, &heard.told);
        self.write(who, |tx| {
            keep_others(self, tx, &heard.others)?;
            let (state, code, found) = match &heard.told {
                Told::NotSent(net) => (AttemptState::NotSent, Code::from(*net), None),
                Told::Unproven(net) => (AttemptState::NoAnswer, Code::from(*net), None),
                Told::Answer(answer) => {
                    if matches!(answer.code.as_str(), "77" | "88" | "A0") {
                        tx.set_setting(state::SIGN_IN_NEEDED, "host")?;
                    }
                    let yes = verdict_in(&answer.code, Situation::Query) == Verdict::Approved;
                    let found = balance(answer).filter(|_| yes);
                    let code = Code::Wire(Rail::UnionPay, answer.code.clone());
                    (AttemptState::Answered, code, found)
                }
            };
            tx.close_attempt(&sending.attempt, state, Some(&code), None)?;
            let told_nothing = matches!(&code, Code::Wire(_, yes) if yes == "00");
            Ok(match found {
                Some(balance) => Inquired::Balance(balance),
                None if told_nothing => Inquired::Failed(LocalCode::NotFound.into()),
                None => Inquired::Failed(code),
            })
        })
    }
}
