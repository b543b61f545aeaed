//! The terminal in one read, and signing in.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Instant;

use pos_diagnosis::{Situation, explain};
use pos_domain::{Code, Explanation, Rail};
use pos_flows::Management;

use super::people::shape;
use super::shapes::{LineTest, Operator, ProfileSummary, SignIn, TerminalState};
use super::{Change, Counter, Failure, Opened, news};
use crate::edition::is_training;
use crate::profile::Profile;
use crate::terminal::EngineError;

fn rails(profile: &Profile) -> Vec<Rail> {
    let on = [
        (Rail::UnionPay, profile.unionpay.is_some()),
        (Rail::WeChat, profile.wechat.is_some()),
        (Rail::Alipay, profile.alipay.is_some()),
    ];
    let on = on.iter().filter(|(_, on)| *on);
    on.map(|(rail, _)| *rail).collect()
}

impl Counter {
    pub(super) fn summary(&self, profile: &Profile) -> ProfileSummary {
        ProfileSummary {
            merchant_name: profile.merchant.name.clone(),
            merchant_id: profile.merchant.id.clone(),
            terminal_id: profile.terminal.id.clone(),
            rails: rails(profile),
            training: is_training(Some(self.ports.edition), profile),
        }
    }

    /// Name, numbers, sign-in, line and what is owed, in one read.
    ///
    /// # Errors
    /// Those of the ledger.
    pub fn terminal(&self) -> Result<TerminalState, Failure> {
        let opened = self.opened()?;
        let operator = self.logged_on()?;
        let (sign_in, sign_in_failure) = self.sign_in_state(&opened)?;
        self.ask(Situation::Other, |reader| {
            let said = self.summary(reader.terminal.profile());
            let ledger = reader.terminal.ledger();
            let batch = ledger.read(|query| match query.counter("batch")? {
                Some(_) => query.batch().map(Some),
                None => Ok(None),
            })?;
            Ok(TerminalState {
                merchant_name: said.merchant_name,
                merchant_id: said.merchant_id,
                terminal_id: said.terminal_id,
                rails: said.rails,
                sign_in,
                sign_in_failure,
                batch,
                link: opened.health.state(),
                owed: reader.owed()?,
                operator,
                under_way: reader.under_way()?,
                training: said.training,
                restored: reader.terminal.is_restored()?,
            })
        })
    }

    fn logged_on(&self) -> Result<Option<Operator>, Failure> {
        let Some(who) = self.session().who.clone() else {
            return Ok(None);
        };
        let found = self.ask(Situation::Operator, |reader| {
            let ledger = reader.terminal.ledger();
            Ok(ledger.read(|query| query.operator(&who))?)
        })?;
        Ok(found.map(shape))
    }

    fn sign_in_state(&self, opened: &Opened) -> Result<(SignIn, Option<Explanation>), Failure> {
        if self.signing_in() {
            return Ok((SignIn::SigningIn, None));
        }
        let needed = match opened.terminal.sign_in_needed() {
            Err(EngineError::Refused(_)) => return Ok((SignIn::SignedOut, None)),
            other => other.map_err(|error| self.failure(error, Situation::SignIn))?,
        };
        let failed = self.sign_in.failure();
        let why = |code: &Code| explain(code, Situation::SignIn, self.language(), "");
        Ok(match (needed, failed) {
            (None, _) => (SignIn::SignedIn, None),
            (Some(_), Some(code)) => (SignIn::Refused, Some(why(&code))),
            (Some(_), None) => (SignIn::SignedOut, None),
        })
    }

    /// Signs in at the acquirer as a job of the engine.
    ///
    /// # Errors
    /// [`Failure::Refused`] when the card rail is off or nobody is logged on.
    pub fn sign_in(&self) -> Result<(), Failure> {
        let who = self.who()?;
        if self.sign_in.running.swap(true, Ordering::SeqCst) {
            return Ok(());
        }
        let (state, hints) = (Arc::clone(&self.sign_in), self.hints.clone());
        let started = self.ask(Situation::SignIn, |reader| {
            reader.terminal.start_sign_in(&who, move |result| {
                state.set_failure(match result {
                    Management::Done => None,
                    Management::Failed(code) => Some(code),
                });
                state.running.store(false, Ordering::SeqCst);
                hints.tell(Change::TerminalChanged);
            })
        });
        if started.is_err() {
            self.sign_in.running.store(false, Ordering::SeqCst);
        }
        self.hints.tell(Change::TerminalChanged);
        started
    }

    /// Signs out at the acquirer and waits for its answer; gives why it did not.
    ///
    /// # Errors
    /// [`Failure::Refused`] when the card rail is off or nobody is logged on.
    pub fn sign_out(&self) -> Result<Option<Explanation>, Failure> {
        let who = self.who()?;
        let done = self.ask(Situation::SignIn, |reader| reader.terminal.sign_out(&who))?;
        self.hints.tell(Change::TerminalChanged);
        Ok(self.unanswered(done))
    }

    /// Asks the acquirer for an echo and waits for it.
    ///
    /// # Errors
    /// As [`Counter::sign_out`].
    pub fn test_line(&self) -> Result<LineTest, Failure> {
        let who = self.who()?;
        let began = Instant::now();
        let done = self.ask(Situation::SignIn, |reader| reader.terminal.echo(&who))?;
        let explanation = self.unanswered(done);
        let took = i64::try_from(began.elapsed().as_millis()).unwrap_or(i64::MAX);
        Ok(LineTest {
            took: explanation.is_none().then_some(took),
            explanation,
        })
    }

    fn unanswered(&self, done: Management) -> Option<Explanation> {
        match done {
            Management::Done => None,
            Management::Failed(code) => {
                Some(explain(&code, Situation::SignIn, self.language(), ""))
            }
        }
    }

    /// Stored events that nobody acknowledged yet, oldest first.
    ///
    /// # Errors
    /// Those of the ledger.
    pub fn waiting_events(&self) -> Result<Vec<super::Event>, Failure> {
        self.ask(Situation::Other, |reader| {
            Ok(news::waiting_events(reader.terminal.ledger())?)
        })
    }

    /// The person has seen all events up to and with `sequence`.
    ///
    /// # Errors
    /// Those of the ledger.
    pub fn acknowledge(&self, sequence: i64) -> Result<(), Failure> {
        let who = self.session().who.clone();
        let who = who.as_deref().unwrap_or("system");
        self.ask(Situation::Other, |reader| {
            reader.terminal.acknowledge(who, sequence)
        })
    }
}
