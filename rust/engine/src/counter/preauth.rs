//! Holding money on a card, and taking what is held.

use pos_diagnosis::{Situation, explain};
use pos_domain::{Amount, Id, LocalCode, OriginalKind, SaleStatus};

use super::reader::Reader;
use super::shapes::{Preauth, PreauthPage, Sale};
use super::{CardRead, Counter, Failure, id};
use crate::terminal::{EngineError, TakeRequest};

/// Rows looked through for one page at most; the rest comes with the next page.
const MOST_ROWS: u32 = 500;

/// Money to be held.
#[derive(Clone, Debug)]
pub struct PreauthRequest {
    /// The caller's own identifier: the same one never acts twice.
    pub request: String,
    /// Minor units.
    pub amount: i64,
    /// The card as read.
    pub card: CardRead,
    /// The pre-authorisation that holds more from now on; none for a new one.
    pub add_to: Option<String>,
}

/// Money to be taken of what is held.
#[derive(Clone, Debug)]
pub struct CompletionRequest {
    /// The caller's own identifier: the same one never acts twice.
    pub request: String,
    /// Of which pre-authorisation.
    pub preauth: String,
    /// Minor units.
    pub amount: i64,
    /// The card as read.
    pub card: CardRead,
    /// The acquirer is told, not asked.
    pub advice: bool,
}

impl Counter {
    /// Commits a pre-authorisation and sends it as a job of the engine.
    ///
    /// # Errors
    /// [`Failure::Refused`] for an amount or a card that is none, or a pre-authorisation to which
    /// nothing can be added; [`Failure::NotFound`] for no such.
    pub fn preauth(&self, asked: &PreauthRequest) -> Result<Sale, Failure> {
        if let Some(made) = self.sold_before(&asked.card, &asked.request)? {
            return Ok(made);
        }
        let parent = asked.add_to.as_deref().map(id).transpose()?;
        let take = self.take_request(
            (OriginalKind::Preauth, parent),
            (&asked.request, asked.amount, &asked.card),
        )?;
        self.start_take(take, Situation::Preauth)
    }

    /// Commits a completion and sends it, or by advice tells the acquirer, as a job of the engine.
    ///
    /// # Errors
    /// As [`Counter::preauth`]; [`Failure::Refused`] for more than can be taken.
    pub fn complete(&self, asked: &CompletionRequest) -> Result<Sale, Failure> {
        if let Some(made) = self.sold_before(&asked.card, &asked.request)? {
            return Ok(made);
        }
        let parent = Some(id(&asked.preauth)?);
        let take = self.take_request(
            (OriginalKind::Completion, parent),
            (&asked.request, asked.amount, &asked.card),
        )?;
        if !asked.advice {
            return self.start_take(take, Situation::Completion);
        }
        let who = self.who()?;
        self.ask(Situation::Completion, |reader| {
            let made = reader.terminal.start_complete_by_advice(&who, &take)?;
            reader.sale_of(&made)
        })
    }

    pub(super) fn take_request(
        &self,
        (kind, parent): (OriginalKind, Option<Id>),
        (request, amount, card): (&str, i64, &CardRead),
    ) -> Result<TakeRequest, Failure> {
        let situation = crate::terminal::situation_of(kind);
        let amount = Amount::from_minor(amount)
            .map_err(|_| self.refused(&LocalCode::AmountInvalid.into(), situation))?;
        Ok(TakeRequest {
            kind,
            amount,
            card: self.card(card, situation, || Ok(amount.minor()))?,
            parent,
            request: Some(request.to_owned()),
        })
    }

    pub(super) fn start_take(
        &self,
        take: TakeRequest,
        situation: Situation,
    ) -> Result<Sale, Failure> {
        let who = self.who()?;
        self.ask(situation, |reader| {
            let made = reader.terminal.start_take(&who, take)?;
            reader.sale_of(&made)
        })
    }

    /// What a pre-authorisation holds, and what can be done with it.
    ///
    /// # Errors
    /// [`Failure::NotFound`], also for what is none.
    pub fn held_preauth(&self, sale: &str) -> Result<Preauth, Failure> {
        let sale = id(sale)?;
        self.ask(Situation::Preauth, |reader| {
            let kind = reader.terminal.ledger().read(|query| {
                let kind = query.original(&sale)?.kind;
                Ok::<_, EngineError>(kind)
            })?;
            if kind == OriginalKind::Preauth {
                reader.preauth(&sale)
            } else {
                let (what, id) = ("preauth", sale.to_string());
                Err(pos_ledger::LedgerError::Missing { what, id }.into())
            }
        })
    }

    /// A page of pre-authorisations that hold money, newest first. A page may have fewer than
    /// asked and still not be the last.
    ///
    /// # Errors
    /// Those of the ledger.
    pub fn held_preauths(&self, after: Option<&str>, limit: u32) -> Result<PreauthPage, Failure> {
        self.ask(Situation::Preauth, |reader| {
            reader.held_preauths(after.and_then(|seq| seq.parse().ok()), limit)
        })
    }
}

impl Reader<'_> {
    fn held_preauths(
        &self,
        mut before: Option<i64>,
        limit: u32,
    ) -> Result<PreauthPage, EngineError> {
        let ledger = self.terminal.ledger();
        let wanted = usize::try_from(limit.clamp(1, MOST_ROWS)).unwrap_or(1);
        let granted = ledger.read(|query| query.granted_preauths(before, MOST_ROWS))?;
        let more = granted.len() >= usize::try_from(MOST_ROWS).unwrap_or(usize::MAX);
        let (mut preauths, mut rows) = (Vec::new(), granted.into_iter());
        for row in rows.by_ref() {
            before = Some(row.seq);
            let status = ledger.read(|query| query.sale(&row.id))?.status;
            if status == SaleStatus::Held {
                preauths.push(self.preauth(&row.id)?);
            }
            if preauths.len() >= wanted {
                break;
            }
        }
        let more = more || rows.next().is_some();
        Ok(PreauthPage {
            preauths,
            next: before.filter(|_| more).map(|seq| seq.to_string()),
        })
    }

    fn preauth(&self, id: &Id) -> Result<Preauth, EngineError> {
        let sale = self.sale_of(id)?;
        let children = self.family(id)?;
        let of = |kind: OriginalKind| move |child: &&Sale| child.kind == kind;
        let additions: Vec<Sale> = children
            .iter()
            .filter(of(OriginalKind::Preauth))
            .filter(|added| added.status == SaleStatus::Held)
            .cloned()
            .collect();
        let held = [&sale].into_iter().chain(&additions);
        let held = held.filter(|sale| sale.status == SaleStatus::Held);
        let (most_to_take, blocked) = match self.terminal.preauth_room(id) {
            Ok(most) => (most, None),
            Err(EngineError::Refused(code)) => {
                let why = explain(&code, Situation::Completion, self.lang, id.as_str());
                (0, Some(why))
            }
            Err(error) => return Err(error),
        };
        let completion = children.iter().rfind(of(OriginalKind::Completion));
        Ok(Preauth {
            held: held.map(|sale| sale.amount).sum(),
            most_to_take,
            completion: completion.cloned(),
            blocked,
            sale,
            additions,
        })
    }

    /// What completes or adds to a pre-authorisation, oldest first.
    pub(super) fn family(&self, preauth: &Id) -> Result<Vec<Sale>, EngineError> {
        let ledger = self.terminal.ledger();
        let children = ledger.read(|query| query.follow_ups(preauth))?;
        let shape = |child: &pos_ledger::Original| self.sale_of(&child.id);
        children.iter().map(shape).collect()
    }
}
