//! Which messages a job is made of, and what the next one says (spec unionpay-8583 §2.3, §2.10).

use pos_channels::unionpay::{Identity, query_value};
use pos_ledger::{Job, JobItem, JobKind, JobStep};

/// The messages of a job by their 60.3; those it does not have are left out.
pub(super) struct Plan {
    list: Option<&'static str>,
    fetch: Option<&'static str>,
    end: Option<&'static str>,
}

/// The plan of a job.
pub(super) const fn of(kind: JobKind) -> Plan {
    let (list, fetch, end) = match kind {
        JobKind::Parameters => (None, Some("360"), Some("361")),
        JobKind::Status => (None, Some("362"), None),
        JobKind::CaKeys => (Some("372"), Some("370"), Some("371")),
        JobKind::ChipParameters => (Some("382"), Some("380"), Some("381")),
        JobKind::Management => (None, Some("364"), Some("365")),
        JobKind::Blacklist => (Some("390"), None, Some("391")),
    };
    Plan { list, fetch, end }
}

impl Plan {
    /// The step that a job begins with.
    pub(super) const fn first(&self) -> JobStep {
        if self.list.is_some() {
            JobStep::List
        } else {
            JobStep::Fetch
        }
    }

    const fn code(&self, step: JobStep) -> Option<&'static str> {
        match step {
            JobStep::List => self.list,
            JobStep::Fetch => self.fetch,
            JobStep::End => self.end,
        }
    }
}

/// What the next message says.
pub(super) struct Asked {
    /// 60.3.
    pub code: &'static str,
    /// Field 62.
    pub content: Option<Vec<u8>>,
}

/// The first thing listed that is not here yet.
pub(super) fn missing(items: &[JobItem]) -> Option<&JobItem> {
    items.iter().find(|item| !item.is_here)
}

/// The next message of a job; none when it cannot be said, since more than 99 things are listed.
pub(super) fn next(identity: &Identity, job: &Job, items: &[JobItem]) -> Option<Asked> {
    let content = match (job.step, job.kind) {
        (JobStep::List, _) => Some(query_value(items.len()).ok()?.into_bytes()),
        (JobStep::Fetch, JobKind::CaKeys | JobKind::ChipParameters) => {
            Some(missing(items)?.name.clone())
        }
        (JobStep::Fetch, JobKind::Status) => {
            Some(identity.habits.status_report.clone().into_bytes())
        }
        (JobStep::Fetch | JobStep::End, _) => None,
    };
    let code = of(job.kind).code(job.step)?;
    Some(Asked { code, content })
}
