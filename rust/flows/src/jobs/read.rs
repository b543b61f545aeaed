//! What the answer to a message of a job brought, and what follows it.

use pos_channels::unionpay::{
    Identity, ListPart, application_list, ca_key_list, is_named, parameters, raw_part,
};
use pos_ledger::{Job, JobItem, JobKind, JobStep, Tx};

use super::plan;
use crate::error::FlowError;

/// Things with their names, each with its content when that is here.
type Items = Vec<(Vec<u8>, Option<Vec<u8>>)>;

/// What an answer brought.
pub(super) enum Brought {
    /// More of a list, or all of what there is; then this step.
    Listed(Items, JobStep),
    /// The content of the thing at this place; then this step.
    Content(u32, Vec<u8>, JobStep),
    /// The job is done.
    Done,
}

/// Why an answer is of no use; never its content.
pub(super) type Useless = String;

/// Reads field 62 of the answer to a job's message.
pub(super) fn read(
    identity: &Identity,
    job: &Job,
    items: &[JobItem],
    content: &[u8],
) -> Result<Brought, Useless> {
    match (job.step, job.kind) {
        (JobStep::End, _) | (_, JobKind::Status) => Ok(Brought::Done),
        (JobStep::List, JobKind::Blacklist) => part_of_blacklist(items, content),
        (JobStep::List, JobKind::CaKeys) => listed(items, ca_key_list(content)),
        (JobStep::List, _) => listed(items, application_list(content)),
        (JobStep::Fetch, JobKind::Parameters) => {
            let read = parameters(identity, content).map_err(|error| error.to_string())?;
            let items: Items = read
                .into_iter()
                .map(|(code, value)| (code.into_bytes(), Some(value)))
                .collect();
            some_of(items)
        }
        (JobStep::Fetch, JobKind::Management) => {
            if content.is_empty() {
                return Err("nothing came".to_owned());
            }
            some_of(vec![(b"0".to_vec(), Some(content.to_vec()))])
        }
        (JobStep::Fetch, _) => fetched(items, content),
    }
}

fn some_of(items: Items) -> Result<Brought, Useless> {
    if items.is_empty() {
        return Err("nothing came".to_owned());
    }
    Ok(Brought::Listed(items, JobStep::End))
}

/// A part of a list. A part that comes twice, such as a late one, adds nothing; a host that only
/// says that more follows is not believed.
fn listed(
    items: &[JobItem],
    part: Result<ListPart, impl std::fmt::Display>,
) -> Result<Brought, Useless> {
    let part = part.map_err(|error| error.to_string())?;
    let mut fresh: Items = Vec::new();
    for name in part.names {
        let known = items.iter().any(|item| item.name == name)
            || fresh.iter().any(|(other, _)| *other == name);
        if !known {
            fresh.push((name, None));
        }
    }
    match (part.more, fresh.is_empty()) {
        (true, true) => Err("a list that does not go on".to_owned()),
        (true, false) => Ok(Brought::Listed(fresh, JobStep::List)),
        // Nothing to fetch: what is here stays.
        (false, true) if items.is_empty() => Ok(Brought::Done),
        (false, _) => Ok(Brought::Listed(fresh, JobStep::Fetch)),
    }
}

fn part_of_blacklist(items: &[JobItem], content: &[u8]) -> Result<Brought, Useless> {
    let (more, part) = raw_part(content).map_err(|error| error.to_string())?;
    if more && part.is_empty() {
        return Err("a list that does not go on".to_owned());
    }
    let name = items.len().to_string().into_bytes();
    let next = if more { JobStep::List } else { JobStep::End };
    Ok(Brought::Listed(vec![(name, Some(part.to_vec()))], next))
}

/// The content of the thing asked for: another's, such as a late one, is of no use.
fn fetched(items: &[JobItem], content: &[u8]) -> Result<Brought, Useless> {
    let asked = plan::missing(items).ok_or("nothing was asked for")?;
    if !is_named(content, &asked.name) {
        return Err("another thing than was asked for".to_owned());
    }
    let left = items.iter().filter(|item| !item.is_here).count();
    let next = if left > 1 {
        JobStep::Fetch
    } else {
        JobStep::End
    };
    Ok(Brought::Content(asked.place, content.to_vec(), next))
}

/// Stores what an answer brought, and what follows it.
pub(super) fn store(tx: &Tx<'_>, job: &Job, brought: Brought) -> Result<(), FlowError> {
    match brought {
        Brought::Listed(items, next) => {
            tx.add_job_items(job, &items)?;
            tx.set_job_step(job, next)?;
        }
        Brought::Content(place, content, next) => {
            tx.set_job_item(job, place, &content)?;
            tx.set_job_step(job, next)?;
        }
        Brought::Done => tx.finish_job(job)?,
    }
    Ok(())
}
