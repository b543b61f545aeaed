//! Safety copies at the counter, the check of the ledger, and whether to update now.

use std::path::Path;
use std::sync::Arc;

use pos_diagnosis::{Situation, explain};
use pos_domain::Explanation;
use pos_domain::ports::Random;

use super::people::approving;
use super::{Approval, Change, CoreState, Counter, Failure, Opened};
use crate::Secret;
use crate::copies::{self, CopyError, CopyFacts, CopyPlace};
use crate::system::SystemRandom;
use crate::terminal::{Passphrase, UpdateAnswer, ready_to_update, ready_to_update_at};

/// Whether safety copies are kept, and how that went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Copies {
    /// Whether a supervisor switched them on.
    pub on: bool,
    /// When the last one was made, epoch milliseconds.
    pub last: Option<i64>,
    /// Whether something changed since.
    pub due: bool,
    /// Why none was made since, and what to do now.
    pub failed: Option<Explanation>,
    /// When that was, epoch milliseconds.
    pub failed_at: Option<i64>,
}

/// What a check of the whole ledger found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerCheck {
    /// Whether nothing is wrong.
    pub ok: bool,
    /// Entries in the audit chain.
    pub entries: u64,
    /// What is wrong: which rule and where.
    pub problems: Vec<String>,
}

fn random() -> Arc<dyn Random> {
    Arc::new(SystemRandom)
}

impl Counter {
    /// Where safety copies go from now on, as the device has it.
    pub fn keep_copies_in(&self, place: Arc<dyn CopyPlace>) {
        self.copy_place.set(place);
        self.copy_bell.ring();
    }

    /// Whether safety copies are kept, and how that went.
    ///
    /// # Errors
    /// Those of the ledger and the home.
    pub fn copies(&self) -> Result<Copies, Failure> {
        let opened = self.opened()?;
        self.copies_of(&opened)
            .map_err(|error| self.copy_failure(error, None))
    }

    fn copies_of(&self, opened: &Opened) -> Result<Copies, CopyError> {
        let keeper = opened.terminal.keeper();
        let (state, mark) = (keeper.state()?, keeper.mark()?);
        let lang = self.language();
        let why =
            |code: pos_domain::LocalCode| explain(&code.into(), Situation::Operator, lang, "");
        Ok(Copies {
            on: state.on,
            due: state.is_due(&mark),
            last: state.last.map(|last| last.at),
            failed: state.failed.map(why),
            failed_at: state.failed_at,
        })
    }

    /// Switches safety copies on under a passphrase, or changes it.
    ///
    /// # Errors
    /// [`Failure::WrongPin`] of who consents; [`Failure::Refused`] for an unfit passphrase.
    pub fn begin_copies(
        &self,
        passphrase: &Secret,
        approval: &Approval,
    ) -> Result<Copies, Failure> {
        let (who, opened) = (self.who()?, self.opened()?);
        let people = approving(Some(approval));
        let done = typed(passphrase)
            .and_then(|typed| opened.terminal.keeper().begin(&who, &typed, &people));
        done.map_err(|error| self.copy_failure(error, Some(approval)))?;
        self.copy_bell.ring();
        self.copies()
    }

    /// Switches safety copies off; those that were made stay.
    ///
    /// # Errors
    /// [`Failure::WrongPin`] of who consents.
    pub fn end_copies(&self, approval: &Approval) -> Result<Copies, Failure> {
        let (who, opened) = (self.who()?, self.opened()?);
        let done = opened
            .terminal
            .keeper()
            .end(&who, &approving(Some(approval)));
        done.map_err(|error| self.copy_failure(error, Some(approval)))?;
        self.copies()
    }

    /// Makes a safety copy now and waits for it.
    ///
    /// # Errors
    /// [`Failure::Refused`] with what to do now; the copies made before stand.
    pub fn copy_now(&self) -> Result<Copies, Failure> {
        let opened = self.opened()?;
        let made = match self.copy_place.get() {
            Some(place) => opened.terminal.keeper().write(place.as_ref()),
            None => Err(copies::PlaceError::Gone.into()),
        };
        made.map_err(|error| self.copy_failure(error, None))?;
        self.copies()
    }

    /// Opens a safety copy and tells whose it is; changes nothing.
    ///
    /// # Errors
    /// [`Failure::Refused`] with what is wrong with passphrase or file.
    pub fn look_at_copy(&self, file: &str, passphrase: &Secret) -> Result<CopyFacts, Failure> {
        let looked = typed(passphrase)
            .and_then(|typed| copies::look_at_copy(Path::new(file), &typed, &random()));
        looked.map_err(|error| self.copy_failure(error, None))
    }

    /// Goes on from a safety copy on a terminal that is not set up, and opens it: restored, so that
    /// nothing is sent until a supervisor said that the old terminal is retired.
    ///
    /// # Errors
    /// As [`Counter::look_at_copy`]; the terminal can still be set up.
    pub fn restore_copy(&self, file: &str, passphrase: &Secret) -> Result<CoreState, Failure> {
        let ports = (
            self.ports.key_store.as_ref(),
            self.ports.outside.as_ref(),
            &random(),
        );
        let home = &self.home;
        let taken = typed(passphrase)
            .and_then(|typed| copies::restore_copy(home, Path::new(file), &typed, None, ports));
        taken.map_err(|error| self.copy_failure(error, None))?;
        self.open()
    }

    /// Checks audit chain and rules of the whole ledger; takes a while on a large one.
    ///
    /// # Errors
    /// Those of the ledger; what is wrong is in the result.
    pub fn verify_ledger(&self) -> Result<LedgerCheck, Failure> {
        let found = self.ask(Situation::Other, |reader| reader.terminal.verify())?;
        let problem = |it: pos_ledger::Problem| format!("{}: {}", it.rule, it.subject);
        Ok(LedgerCheck {
            ok: found.ok,
            entries: found.entries,
            problems: found.problems.into_iter().map(problem).collect(),
        })
    }

    /// Whether it is a good moment to update the app. Needs nothing opened, opens nothing to work
    /// and asks no host.
    #[must_use]
    pub fn ready_to_update(&self) -> UpdateAnswer {
        let open = self.opened().ok();
        let answer = open.and_then(|opened| opened.terminal.ledger().read(ready_to_update).ok());
        answer.unwrap_or_else(|| ready_to_update_at(&self.home, &random()))
    }

    fn copy_failure(&self, error: CopyError, approval: Option<&Approval>) -> Failure {
        match error {
            CopyError::Engine(error) => self.consent_failure(error, Situation::Operator, approval),
            CopyError::Home(error) => error.into(),
            CopyError::Port(error) => error.into(),
            other => {
                log::warn!("safety copy: {other}");
                self.refused(&other.code().into(), Situation::Operator)
            }
        }
    }

    pub(super) fn told_of_copy(&self) -> impl Fn() + Send + 'static {
        let hints = self.hints.clone();
        move || hints.tell(Change::TerminalChanged)
    }
}

fn typed(passphrase: &Secret) -> Result<Passphrase, CopyError> {
    Ok(Passphrase::parse(passphrase.expose())?)
}
