//! Sign-in, sign-out and echo: no money, no reversal, but keys, batch and time.

use pos_channels::unionpay::{self as wire, Answer, Expected};
use pos_domain::time::DAY_MS;
use pos_domain::{Code, LocalCode, Moment, ObligationStatus, Rail};
use pos_ledger::{Obligation, Tx};

use crate::desk::{Desk, state};
use crate::error::FlowError;
use crate::transmit::{Others, Told, keep_others};

/// What a management exchange came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Management {
    /// Done.
    Done,
    /// Not done, and why.
    Failed(Code),
}

impl Desk {
    /// Signs in (签到): fetches working keys, batch number and time from the host.
    ///
    /// # Errors
    /// Those of the ledger; a host that refuses or does not answer is a result, not an error.
    pub async fn sign_in(&self, who: &str) -> Result<Management, FlowError> {
        let rules = &self.rules;
        self.reserve_traces()?;
        let (trace, batch) = self.write(who, |tx| Ok((tx.next_trace()?, tx.query().batch()?)))?;
        let draft = wire::sign_in(&rules.identity, rules.key_mode, &trace, &batch, who);
        let (told, others) = self.manage(&draft).await?;
        let answer = match told {
            Told::Answer(answer) if answer.code == "00" => answer,
            told => {
                self.write(who, |tx| keep_others(self, tx, &others))?;
                return Ok(Management::Failed(failure(told)));
            }
        };
        let generation = self
            .read(|query| query.counter("key_generation"))?
            .and_then(|last| u32::try_from(last).ok())
            .unwrap_or(0)
            .saturating_add(1);
        let keys = answer.fields.get(62).unwrap_or_default();
        if self.cipher.load_working_keys(generation, keys).is_err() {
            log::error!("sign-in: a working key fails its check value");
            return Ok(Management::Failed(LocalCode::KeyCheckFailed.into()));
        }
        self.write(who, |tx| {
            keep_others(self, tx, &others)?;
            tx.add_working_keys(generation, keys)?;
            if let Some(batch) = answer.batch().filter(|batch| *batch > 0) {
                tx.set_batch(batch)?;
            }
            let now = tx.stamp().at.clone();
            tx.set_setting(state::SIGN_IN_NEEDED, "")?;
            tx.set_setting(state::SIGN_IN_TRACE, &trace)?;
            note_escalated(tx)?;
            tx.set_setting(state::SIGNED_IN_ON, &now.wall.yyyymmdd())?;
            note_host(tx, &answer)?;
            tx.audit(
                "sign_in",
                "terminal",
                None,
                Some(&format!("keys {generation}")),
            )?;
            Ok(tx.event("sign_in", "terminal", "signed_in")?)
        })?;
        log::info!("sign-in: key generation {generation}");
        Ok(Management::Done)
    }

    /// Signs out (签退). The next money message signs in again first.
    ///
    /// # Errors
    /// Those of the ledger.
    pub async fn sign_out(&self, who: &str) -> Result<Management, FlowError> {
        self.reserve_traces()?;
        let (trace, batch) = self.write(who, |tx| Ok((tx.next_trace()?, tx.query().batch()?)))?;
        let draft = wire::sign_out(&self.rules.identity, &trace, &batch);
        let (told, others) = self.manage(&draft).await?;
        let done = matches!(&told, Told::Answer(answer) if answer.code == "00");
        self.write(who, |tx| {
            keep_others(self, tx, &others)?;
            if done {
                tx.set_setting(state::SIGN_IN_NEEDED, "signed_out")?;
                tx.audit("sign_out", "terminal", None, None)?;
            }
            Ok(())
        })?;
        Ok(if done {
            Management::Done
        } else {
            Management::Failed(failure(told))
        })
    }

    /// Echo test (回响测试): asks whether the host is there.
    ///
    /// # Errors
    /// Those of the ledger.
    pub async fn echo(&self, who: &str) -> Result<Management, FlowError> {
        let batch = self.read(|query| query.batch())?;
        let draft = wire::echo(&self.rules.identity, &batch);
        let (told, others) = self.manage(&draft).await?;
        let done = matches!(&told, Told::Answer(answer) if answer.code == "00");
        if let Told::Answer(answer) = &told {
            self.write(who, |tx| {
                keep_others(self, tx, &others)?;
                note_host(tx, answer)
            })?;
        }
        Ok(if done {
            Management::Done
        } else {
            Management::Failed(failure(told))
        })
    }

    /// Sends a message without MAC.
    pub(crate) async fn manage(&self, draft: &wire::Draft) -> Result<(Told, Others), FlowError> {
        let frame = draft.finish(self.cipher.as_ref(), 0)?;
        let heard = self.transmit(&frame, &Expected::of(draft, 0, true)).await;
        Ok((heard.told, heard.others))
    }

    /// Why a sign-in is needed before the next money message; none when it is not.
    pub fn sign_in_needed(&self, now: &Moment) -> Result<Option<String>, FlowError> {
        self.read(|query| {
            if query.counter("key_generation")?.is_none() {
                return Ok(Some("no keys".to_owned()));
            }
            let wanted = query
                .setting(state::SIGN_IN_NEEDED)?
                .filter(|why| !why.is_empty());
            if wanted.is_some() {
                return Ok(wanted);
            }
            let today = now.wall.yyyymmdd();
            let signed = query.setting(state::SIGNED_IN_ON)?;
            Ok((signed.as_deref() != Some(today.as_str())).then(|| "new day".to_owned()))
        })
    }
}

/// What is escalated is tried once more after a sign-in.
fn note_escalated(tx: &Tx<'_>) -> Result<(), FlowError> {
    let owed = tx.query().open_obligations()?;
    let waits = |o: &Obligation| o.status == ObligationStatus::Escalated && !o.web;
    if owed.iter().any(waits) {
        tx.set_setting(state::RETRY_ESCALATED, "yes")?;
    }
    Ok(())
}

/// The failure of a management exchange.
fn failure(told: Told) -> Code {
    match told {
        Told::Answer(answer) => Code::Wire(Rail::UnionPay, answer.code),
        Told::NotSent(code) | Told::Unproven(code) => code.into(),
    }
}

/// Notes what an answer tells of the host: its time and its business day.
pub(crate) fn note_host(tx: &Tx<'_>, answer: &Answer) -> Result<(), FlowError> {
    if let (Some(date), Some(clock)) = (answer.text(13), answer.text(12)) {
        let wall = tx.stamp().at.wall;
        if let Some(at) = wall.nearest_host_time(&date, &clock) {
            tx.set_trusted_time(at)?;
        }
    }
    if let Some(day) = answer.host_day()
        && !is_date_before_midnight(tx, answer, &day)?
    {
        tx.set_setting(state::HOST_DAY, &day)?;
    }
    Ok(())
}

/// Between the cut-over and midnight the date (13) of an answer without a business day (15) is the
/// day before the one that is already known.
fn is_date_before_midnight(tx: &Tx<'_>, answer: &Answer, day: &str) -> Result<bool, FlowError> {
    if answer.text(15).is_some() {
        return Ok(false);
    }
    let known = tx.query().setting(state::HOST_DAY)?;
    let date = tx.stamp().at.wall.nearest_host_time(day, "000000");
    let next = date.map(|date| date.plus(DAY_MS).mmdd());
    Ok(known.is_some() && known == next)
}
