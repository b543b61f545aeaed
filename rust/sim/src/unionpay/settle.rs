//! Settlement and batch upload (spec 8).

use std::collections::BTreeSet;

use pos_domain::WallTime;
use pos_iso8583::Fields;
use serde_json::{Value, json};

use super::Acquirer;
use super::book::{Book, State};
use super::code::AnswerCode;
use super::request::{Request, TxnKey};
use crate::fault::Kind;

/// Debit and credit of one card organisation in a batch: fen and counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Totals {
    debit: i64,
    debit_count: i64,
    credit: i64,
    credit_count: i64,
}

impl Totals {
    /// From thirty digits of field 48.
    fn parse(digits: &str) -> Option<Self> {
        let number = |from: usize, to: usize| digits.get(from..to)?.parse().ok();
        Some(Self {
            debit: number(0, 12)?,
            debit_count: number(12, 15)?,
            credit: number(15, 27)?,
            credit_count: number(27, 30)?,
        })
    }

    /// What the books say.
    fn of(book: &Book, terminal: &TxnKey, foreign: bool) -> Self {
        let mut totals = Self::default();
        let counted = book.of_batch(terminal).filter(|txn| {
            txn.foreign == foreign && !matches!(txn.state, State::Declined | State::Reversed)
        });
        for txn in counted {
            if txn.takes_money() {
                totals.debit += txn.amount;
                totals.debit_count += 1;
            } else if matches!(txn.kind, Kind::Void | Kind::CompletionVoid | Kind::Refund) {
                totals.credit += txn.amount;
                totals.credit_count += 1;
            }
        }
        totals
    }
}

/// The verdict digits of field 48.
const BALANCED: char = '1';
const NOT_BALANCED: char = '2';
const WRONG: char = '3';

/// A batch that a terminal settles.
#[derive(Clone, Debug)]
pub(crate) struct Settlement {
    /// Domestic and foreign verdict of the last 0500.
    verdicts: (char, char),
    /// Records that were uploaded.
    uploaded: u32,
    /// Uploaded details that are not in the books as they were said.
    unmatched: u32,
    /// What the end message counted.
    announced: Option<u32>,
    /// Uploads that were taken: 60.3, 60.1 and trace.
    seen: BTreeSet<(String, String, String)>,
}

impl Acquirer {
    /// 0500: compares the totals, and says so in field 48. From now on the batch takes no more
    /// requests.
    pub(crate) fn settle(&mut self, request: &Request, now: WallTime) -> Fields {
        let batch = request.batch.clone();
        let known = self.terminal(&request.terminal).takes_batch(&batch)
            || self.terminal(&request.terminal).settled.contains(&batch);
        let verdicts = if known {
            self.compare(request)
        } else {
            (WRONG, WRONG)
        };
        if known && verdicts.0 != WRONG {
            let terminal = self.terminal(&request.terminal);
            terminal.left_open.remove(&batch);
            terminal.settled.insert(batch);
            let key = batch_key(request);
            let kept = self.settlements.entry(key).or_insert(Settlement {
                verdicts,
                uploaded: 0,
                unmatched: 0,
                announced: None,
                seen: BTreeSet::new(),
            });
            kept.verdicts = verdicts;
        }
        self.settlement_fields(request, verdicts, now)
    }

    fn compare(&self, request: &Request) -> (char, char) {
        let said = request.text(48);
        let part = |from: usize| said.get(from..from + 30).and_then(Totals::parse);
        let (62, Some(domestic), Some(foreign)) = (said.len(), part(0), part(31)) else {
            return (WRONG, WRONG);
        };
        let key = batch_key(request);
        let verdict = |said: Totals, is_foreign| {
            if said == Totals::of(&self.book, &key, is_foreign) {
                BALANCED
            } else {
                NOT_BALANCED
            }
        };
        (verdict(domestic, false), verdict(foreign, true))
    }

    /// The answer 0510, which has no field 39.
    pub(crate) fn settlement_fields(
        &mut self,
        request: &Request,
        verdicts: (char, char),
        now: WallTime,
    ) -> Fields {
        let said = request.text(48);
        let part = |from: usize| said.get(from..from + 30).unwrap_or(ZEROS);
        let totals = format!("{}{}{}{}", part(0), verdicts.0, part(31), verdicts.1);
        let mut fields = self.management(request, AnswerCode::APPROVED, now);
        fields.remove(39);
        fields
            .set(15, self.calendar.date(now))
            .set(48, totals)
            .set(49, "156")
            .set(63, "CUP");
        fields
    }

    /// The answer 0330.
    pub(crate) fn upload_fields(&mut self, request: &Request, now: WallTime) -> Fields {
        let code = match request.kind {
            Kind::UploadEnd => self.end_upload(request),
            _ => self.upload(request),
        };
        let mut fields = self.management(request, code, now);
        if let Some(records) = request.fields.get(48) {
            fields.set(48, records);
        }
        fields
    }

    /// 0320: details, copies of notices, or chip records. A record that was taken before is 94.
    fn upload(&mut self, request: &Request) -> AnswerCode {
        let records = match request.network.as_str() {
            "201" if request.text(60).starts_with("00") => match details(request.text(48)) {
                Some(records) => records,
                None => return AnswerCode::FORMAT,
            },
            _ => vec![],
        };
        let key = batch_key(request);
        let unmatched = records
            .iter()
            .filter(|record| !self.in_books(&key, record))
            .count();
        let Some(settlement) = self.settlements.get_mut(&key) else {
            return AnswerCode::INVALID;
        };
        let kind = request.text(60).get(..2).unwrap_or_default().to_owned();
        if !settlement
            .seen
            .insert((request.network.clone(), kind, request.trace().to_owned()))
        {
            return AnswerCode::DUPLICATE;
        }
        let count = |size: usize| u32::try_from(size).unwrap_or(u32::MAX);
        settlement.uploaded += count(records.len().max(1));
        settlement.unmatched += count(unmatched);
        AnswerCode::APPROVED
    }

    fn in_books(&self, batch: &TxnKey, record: &Detail) -> bool {
        let key = TxnKey {
            trace: record.trace.clone(),
            ..batch.clone()
        };
        self.book
            .get(&key)
            .is_some_and(|txn| txn.state != State::Declined && txn.amount == record.amount)
    }

    /// 0320/202 or 207: the upload is complete; the terminal goes on with the next batch.
    fn end_upload(&mut self, request: &Request) -> AnswerCode {
        let said = request.text(48);
        let Some(count) = said.parse().ok().filter(|_| said.len() == 4) else {
            return AnswerCode::FORMAT;
        };
        let Some(settlement) = self.settlements.get_mut(&batch_key(request)) else {
            return AnswerCode::INVALID;
        };
        let again = settlement.announced.replace(count).is_some();
        let terminal = self.terminal(&request.terminal);
        if terminal.batch_text() == request.batch {
            terminal.move_to(terminal.next_batch());
        }
        if again {
            AnswerCode::DUPLICATE
        } else {
            AnswerCode::APPROVED
        }
    }

    /// The batches that were settled, for the money ledger.
    pub(crate) fn batches(&self) -> Vec<Value> {
        self.settlements
            .iter()
            .map(|(key, settlement)| {
                json!({
                    "terminal": key.terminal.terminal,
                    "batch": key.batch,
                    "domestic": verdict_name(settlement.verdicts.0),
                    "foreign": verdict_name(settlement.verdicts.1),
                    "uploaded": settlement.uploaded,
                    "unmatched": settlement.unmatched,
                    "announced": settlement.announced,
                })
            })
            .collect()
    }
}

const ZEROS: &str = "000000000000000000000000000000";

fn verdict_name(verdict: char) -> &'static str {
    match verdict {
        BALANCED => "balanced",
        NOT_BALANCED => "not_balanced",
        _ => "error",
    }
}

/// The batch of a request as a key without a trace.
fn batch_key(request: &Request) -> TxnKey {
    request.key_of(&request.batch, "")
}

/// One record of a detail upload.
struct Detail {
    trace: String,
    amount: i64,
}

/// Field 48 of a detail upload: a count and so many records of forty digits (spec 8.3).
fn details(text: &str) -> Option<Vec<Detail>> {
    let (count, records) = text.split_at_checked(2)?;
    let count: usize = count.parse().ok().filter(|count| (1..=8).contains(count))?;
    if records.len() != count * 40 {
        return None;
    }
    (0..count)
        .map(|at| {
            let record = records.get(at * 40..at * 40 + 40)?;
            Some(Detail {
                trace: record.get(2..8)?.to_owned(),
                amount: record.get(28..40)?.parse().ok()?,
            })
        })
        .collect()
}
