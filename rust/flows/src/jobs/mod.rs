//! Jobs that hosts ask for in the header of an answer (spec unionpay-8583 §1.4): parameters,
//! status, CA keys, chip applications, management parameters, blacklist.
//!
//! What was asked for is committed with the answer that asked. It is done after what blocks and
//! before the next money message, one message at a time; each answer is committed with the step
//! that follows it, so that a stop goes on where it was. Repeating a message does no harm, so
//! unlike money it needs no intent of its own. A job that fails waits and never blocks money.

mod plan;
mod read;

use pos_channels::unionpay::{ProcessingRequest, answers_job, job_message};
use pos_domain::{Code, LocalCode, NetCode, Rail};
use pos_ledger::{Job, JobKind, Tx};

use crate::backoff;
use crate::desk::{Desk, state};
use crate::error::FlowError;
use crate::transmit::{Told, keep_others};

/// How long jobs may hold up the person at the counter: no message begins later, milliseconds.
const PATIENCE_MS: i64 = 5_000;

/// Remembers what an answer asked for, in the transaction that stores the answer.
pub(crate) fn remember(tx: &Tx<'_>, asked: ProcessingRequest) -> Result<(), FlowError> {
    let kind = match asked {
        ProcessingRequest::None => return Ok(()),
        ProcessingRequest::SignIn => {
            return Ok(tx.set_setting(state::SIGN_IN_NEEDED, "requested")?);
        }
        ProcessingRequest::Parameters => JobKind::Parameters,
        ProcessingRequest::Status => JobKind::Status,
        ProcessingRequest::CaKeys => JobKind::CaKeys,
        ProcessingRequest::ChipParameters => JobKind::ChipParameters,
        ProcessingRequest::Management => JobKind::Management,
        ProcessingRequest::Blacklist => JobKind::Blacklist,
        ProcessingRequest::Vendor(_) => {
            log::warn!("job {}: a vendor's, not known here", asked.digit());
            return Ok(());
        }
    };
    Ok(tx.add_job(kind, plan::of(kind).first())?)
}

impl Desk {
    /// Jobs that hosts asked for and that are not done, oldest first.
    ///
    /// # Errors
    /// Those of the ledger.
    pub fn pending_jobs(&self) -> Result<Vec<Job>, FlowError> {
        self.read(|query| query.open_jobs())
    }

    /// Does what must go first, then the jobs that are due, as far as the host answers. Tells how
    /// many are left.
    ///
    /// # Errors
    /// Those of the ledger.
    pub async fn run_jobs(&self, who: &str) -> Result<usize, FlowError> {
        // An open gate has done them.
        self.gate(who).await?;
        Ok(self.pending_jobs()?.len())
    }

    /// Does the jobs that are due, oldest first; stops when the host does not answer.
    pub(crate) async fn work_jobs(&self, who: &str) -> Result<(), FlowError> {
        let begun = self.now().since_boot;
        while let Some(job) = self.due_job()? {
            let taken = self.now().since_boot.saturating_sub(begun);
            if taken > PATIENCE_MS || !self.job_step(who, &job).await? {
                break;
            }
        }
        Ok(())
    }

    /// The oldest job that is due.
    pub(crate) fn due_job(&self) -> Result<Option<Job>, FlowError> {
        let now = self.now();
        let jobs = self.pending_jobs()?;
        Ok(jobs.into_iter().find(|job| job.wait_ms(&now) == 0))
    }

    /// Sends the next message of a job and commits what its answer brought. Tells whether the host
    /// answered.
    async fn job_step(&self, who: &str, job: &Job) -> Result<bool, FlowError> {
        let (items, batch) = self.read(|query| Ok((query.job_items(job.seq)?, query.batch()?)))?;
        let Some(asked) = plan::next(&self.rules.identity, job, &items) else {
            let code = LocalCode::PackingFailed.into();
            self.write(who, |tx| Ok(tx.give_up_job(job, &code)?))?;
            return Ok(true);
        };
        let content = asked.content.as_deref();
        let draft = job_message(&self.rules.identity, &batch, asked.code, content);
        let (told, others) = self.manage(&draft).await?;
        self.write(who, |tx| {
            keep_others(self, tx, &others)?;
            let (code, answered) = match told {
                Told::Answer(answer) if !answers_job(&answer, asked.code) => {
                    (NetCode::AnswerType.into(), false)
                }
                Told::Answer(answer) if answer.code == "00" => {
                    let content = answer.fields.get(62).unwrap_or_default();
                    match read::read(&self.rules.identity, job, &items, content) {
                        Ok(brought) => {
                            read::store(tx, job, brought)?;
                            return Ok(true);
                        }
                        Err(what) => {
                            log::warn!("job {} {}: {what}", job.kind, job.step);
                            (NetCode::AnswerGarbled.into(), true)
                        }
                    }
                }
                Told::Answer(answer) => (Code::Wire(Rail::UnionPay, answer.code), true),
                Told::NotSent(net) | Told::Unproven(net) => (net.into(), false),
            };
            self.job_failed(tx, job, &code, answered)?;
            Ok(answered)
        })
    }

    /// A message of a job came to nothing: a host that refuses is asked a few times, one that does
    /// not answer for as long as it takes.
    fn job_failed(
        &self,
        tx: &Tx<'_>,
        job: &Job,
        code: &Code,
        answered: bool,
    ) -> Result<(), FlowError> {
        log::warn!("job {} {}: {code}", job.kind, job.step);
        let limit = self.rules.resend_limit;
        if answered && job.refused.saturating_add(1) >= limit {
            return Ok(tx.give_up_job(job, code)?);
        }
        let tries = job.tries.saturating_add(1);
        let wait = if tries < limit {
            backoff::within_round(tries)
        } else {
            backoff::between_rounds(tries.saturating_sub(limit).saturating_add(1))
        };
        Ok(tx.put_off_job(job, code, answered, wait)?)
    }
}
