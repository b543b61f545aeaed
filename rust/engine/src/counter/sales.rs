//! Taking money, and finding what was taken.

use pos_diagnosis::Situation;
use pos_domain::{CardInput, LocalCode, OriginalKind, Rail, SaleStatus};
use pos_ledger::JournalFilter;

use super::reader::Reader;
use super::shapes::{Sale, SaleFilter, SalePage, WayBack};
use super::{CardRead, Counter, Failure, Means, SaleQuery, SaleRequest, id};
use crate::terminal::{EngineError, SaleReport};

/// Rows looked through for one page at most; the rest comes with the next page.
const MOST_ROWS: u32 = 500;
/// Digits of a voucher number.
const VOUCHER: usize = 6;

impl Counter {
    /// Commits a sale and sends it as a job of the engine.
    ///
    /// # Errors
    /// [`Failure::Refused`] for an amount, a card or a code that is none.
    pub fn sell(&self, asked: &SaleRequest) -> Result<Sale, Failure> {
        let (request, amount) = (asked.request.as_str(), asked.amount);
        match &asked.means {
            Means::Card { card } => {
                if let Some(made) = self.sold_before(card, request)? {
                    return Ok(made);
                }
                let sale = (OriginalKind::Sale, None);
                let take = self.take_request(sale, (request, amount, card))?;
                self.start_take(take, Situation::Sale)
            }
            Means::Code { code } => self.sell_by_code(request, amount, code),
            Means::Show { rail } => self.sell_by_show(request, amount, *rail),
        }
    }

    /// The card that was read, for this and for this amount.
    pub(super) fn card(
        &self,
        read: &CardRead,
        why: Situation,
        amount: impl FnOnce() -> Result<i64, Failure>,
    ) -> Result<CardInput, Failure> {
        if let CardRead::Held { handle, pin } = read {
            return self.held_card((handle, pin.as_ref()), (why, amount()?));
        }
        read.input()
            .map_err(|_| self.refused(&LocalCode::CardUnreadable.into(), why))
    }

    /// The sale that a request made before, where its card is not there a second time.
    pub(super) fn sold_before(
        &self,
        card: &CardRead,
        request: &str,
    ) -> Result<Option<Sale>, Failure> {
        match card {
            CardRead::Held { .. } => self.sale_of_request(request),
            _ => Ok(None),
        }
    }

    /// The sale that a request made; none when it never was committed.
    ///
    /// # Errors
    /// Those of the ledger.
    pub fn sale_of_request(&self, request: &str) -> Result<Option<Sale>, Failure> {
        self.ask(Situation::Sale, |reader| {
            let ledger = reader.terminal.ledger();
            let made = ledger.read(|query| query.original_of_request(request))?;
            made.map(|made| reader.sale_of(&made.id)).transpose()
        })
    }

    /// One sale.
    ///
    /// # Errors
    /// [`Failure::NotFound`].
    pub fn sale(&self, sale: &str) -> Result<Sale, Failure> {
        let sale = id(sale)?;
        self.ask(Situation::Sale, |reader| reader.sale_of(&sale))
    }

    /// A page of sales, newest first. A page may have fewer than asked and still not be the last.
    ///
    /// # Errors
    /// Those of the ledger.
    pub fn sales(&self, asked: &SaleQuery) -> Result<SalePage, Failure> {
        self.ask(Situation::Sale, |reader| reader.page(asked))
    }

    /// Explains a code; a wire code is the card rail's unless another is named.
    ///
    /// # Errors
    /// [`Failure::NotFound`] for what is no code.
    pub fn explain(
        &self,
        code: &str,
        rail: Option<Rail>,
    ) -> Result<pos_domain::Explanation, Failure> {
        let parsed = pos_domain::Code::parse(code, rail.unwrap_or(Rail::UnionPay));
        let parsed = parsed.map_err(|_| Failure::NotFound {
            id: code.to_owned(),
        })?;
        let usual = pos_diagnosis::usual_situation(&parsed);
        Ok(pos_diagnosis::explain(&parsed, usual, self.language(), ""))
    }
}

impl Reader<'_> {
    fn page(&self, asked: &SaleQuery) -> Result<SalePage, EngineError> {
        let wanted = asked.limit.clamp(1, MOST_ROWS);
        let mut before = asked.after.as_deref().and_then(|seq| seq.parse().ok());
        let mut sales = Vec::new();
        let mut looked = 0;
        loop {
            let rows = self.rows(asked, before, wanted)?;
            let full = rows.len() >= usize::try_from(wanted).unwrap_or(usize::MAX);
            for row in rows {
                let sequence = row.view.original.seq;
                looked += 1;
                let sale = self.sale(row)?;
                if fits(&sale, asked.filter) {
                    sales.push(sale);
                }
                before = Some(sequence);
                if sales.len() >= usize::try_from(wanted).unwrap_or(usize::MAX) {
                    let next = before.map(|seq| seq.to_string());
                    return Ok(SalePage { sales, next });
                }
            }
            if !full || looked >= MOST_ROWS {
                let next = before.filter(|_| full).map(|seq| seq.to_string());
                return Ok(SalePage { sales, next });
            }
        }
    }

    /// Rows that the text means: as it stands, and as a voucher number without its zeros.
    fn rows(
        &self,
        asked: &SaleQuery,
        before: Option<i64>,
        limit: u32,
    ) -> Result<Vec<SaleReport>, EngineError> {
        let text = asked.text.trim();
        let list = |text: Option<String>| {
            let filter = JournalFilter {
                since: asked.since,
                before_seq: before,
                text,
                limit,
            };
            self.terminal.sales(&filter, self.lang)
        };
        if text.is_empty() {
            return list(None);
        }
        let mut rows = list(Some(text.to_owned()))?;
        let digits = text.bytes().all(|byte| byte.is_ascii_digit());
        if digits && text.len() < VOUCHER {
            rows.extend(list(Some(format!("{text:0>6}")))?);
            rows.sort_by_key(|row| std::cmp::Reverse(row.view.original.seq));
            rows.dedup_by_key(|row| row.view.original.seq);
            rows.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        }
        Ok(rows)
    }

    /// The payment that the counter waits for.
    pub(super) fn under_way(&self) -> Result<Option<Sale>, EngineError> {
        if let Some(payment) = self.terminal.payments()?.last() {
            return self.sale_of(&payment.sale).map(Some);
        }
        let newest = self.terminal.ledger().read(|query| query.last_original())?;
        let sending = newest.filter(|original| original.status == SaleStatus::Sending);
        sending
            .map(|original| self.sale_of(&original.id))
            .transpose()
    }
}

fn fits(sale: &Sale, filter: SaleFilter) -> bool {
    match filter {
        SaleFilter::All => true,
        SaleFilter::CanUndo => sale.way_back != WayBack::Impossible,
        SaleFilter::Unknown => sale.status == SaleStatus::Unknown,
    }
}
