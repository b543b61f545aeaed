//! `verify`: the audit chain and the ledger's rules, checked over every row.

use serde::Serialize;

use crate::{LedgerError, Query};

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// Which rule.
    pub rule: &'static str,
    /// Where.
    pub subject: String,
}

/// What a check of the whole ledger found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Verification {
    /// Whether nothing is wrong.
    pub ok: bool,
    /// Entries in the audit chain.
    pub entries: u64,
    /// What is wrong.
    pub problems: Vec<Problem>,
}

/// A rule as a query for the rows that break it.
const RULES: &[(&str, &str)] = &[
    (
        "undos take more than the original",
        "SELECT o.id FROM original o JOIN undo u ON u.original = o.id
         WHERE u.status NOT IN ('refused', 'withdrawn', 'refund_offered')
         GROUP BY o.id HAVING SUM(u.amount) > o.amount",
    ),
    (
        "two undos in flight",
        "SELECT original FROM undo WHERE status NOT IN
         ('voided', 'refunded', 'refused', 'withdrawn', 'refund_offered')
         GROUP BY original HAVING COUNT(*) > 1",
    ),
    (
        "a void takes less than all",
        "SELECT u.id FROM undo u JOIN original o ON o.id = u.original
         WHERE u.kind = 'void' AND u.amount <> o.amount",
    ),
    (
        "an unknown sale without a reversal or a question",
        "SELECT id FROM original o WHERE status = 'unknown'
         AND NOT EXISTS (SELECT 1 FROM obligation b WHERE b.original = o.id
         AND b.kind IN ('reversal', 'query', 'revoke', 'batch_upload')
         AND b.status NOT IN ('closed', 'armed'))",
    ),
    (
        "an open void without its obligation",
        "SELECT id FROM undo u WHERE kind = 'void' AND status NOT IN
         ('voided', 'refunded', 'refused', 'withdrawn', 'refund_offered')
         AND NOT EXISTS (SELECT 1 FROM obligation b WHERE b.id = u.id AND b.status <> 'closed')",
    ),
    (
        "a closed void with an open obligation",
        "SELECT u.id FROM undo u JOIN obligation b ON b.id = u.id WHERE b.status <> 'closed'
         AND u.status IN ('voided', 'refunded', 'refused', 'withdrawn', 'refund_offered')",
    ),
    (
        "a void refused or offered as a refund while an attempt is unproven",
        "SELECT u.id FROM undo u JOIN attempt a ON a.undo = u.id
         WHERE a.purpose NOT IN ('reversal', 'query', 'refund_query')
         AND a.state IN ('intended', 'no_answer')
         AND u.status IN ('refused', 'withdrawn', 'refund_offered')",
    ),
    (
        "an unanswered attempt whose reversal was closed without proof of it",
        "SELECT b.id FROM obligation b JOIN attempt a ON a.id = b.attempt
         WHERE b.kind = 'reversal' AND b.status = 'closed'
         AND a.state IN ('intended', 'no_answer')",
    ),
    (
        "a closed obligation without proof",
        "SELECT id FROM obligation WHERE status = 'closed' AND COALESCE(proof, '') = ''",
    ),
    (
        "a cleared item without its tombstone",
        "SELECT id FROM obligation o WHERE status <> 'closed' AND status = 'cleared'
         AND NOT EXISTS (SELECT 1 FROM tombstone t WHERE t.obligation = o.id)",
    ),
    (
        "a tombstone without two people",
        "SELECT obligation FROM tombstone t WHERE NOT EXISTS (SELECT 1 FROM approval a
         WHERE a.kind = 'clear' AND a.used_by = t.obligation
         AND COALESCE(a.second, a.approver) <> a.approver)",
    ),
    (
        "a known sale over the web with something owed for it",
        "SELECT o.id FROM original o JOIN obligation b ON b.original = o.id
         WHERE b.kind IN ('query', 'revoke') AND b.web = 1 AND b.status <> 'closed'
         AND o.status NOT IN ('sending', 'unknown')",
    ),
    (
        "two live completions of a pre-authorisation",
        "SELECT parent FROM live_completion GROUP BY parent HAVING COUNT(*) > 1",
    ),
    (
        "a pre-authorisation both completed and taken back",
        "SELECT c.parent FROM live_completion c JOIN undo u ON u.original = c.parent
         WHERE u.status NOT IN ('refused', 'withdrawn', 'refund_offered')",
    ),
    (
        "a sale made elsewhere that counts as taken here",
        "SELECT id FROM original WHERE kind = 'unmatched' AND status <> 'approved'
         UNION ALL SELECT o.id FROM original o JOIN attempt a ON a.original = o.id
         WHERE o.kind = 'unmatched' AND a.undo IS NULL",
    ),
    (
        "a status that the audit does not tell",
        "SELECT id FROM original o WHERE status IS NOT
         (SELECT after FROM audit WHERE subject = o.id AND action IN (o.kind, 'status')
         ORDER BY seq DESC LIMIT 1)
         UNION ALL SELECT id FROM undo u WHERE status IS NOT
         (SELECT after FROM audit WHERE subject = u.id AND action IN (u.kind, 'status')
         ORDER BY seq DESC LIMIT 1)",
    ),
    (
        "a row that points at nothing",
        "SELECT \"table\" || ' ' || COALESCE(rowid, '') FROM pragma_foreign_key_check",
    ),
];

impl Query<'_> {
    /// Checks file, audit chain and rules.
    ///
    /// # Errors
    /// Those of the database; what is found wrong is in the result, not an error.
    pub fn verify(&self) -> Result<Verification, LedgerError> {
        let (entries, broken) = self.check_audit()?;
        let mut problems: Vec<Problem> = broken
            .into_iter()
            .map(|subject| Problem {
                rule: "audit chain",
                subject,
            })
            .collect();
        for (rule, sql) in RULES {
            let mut statement = self.inner.prepare(sql)?;
            let rows = statement.query_map([], |row| row.get::<_, String>(0))?;
            for subject in rows {
                problems.push(Problem {
                    rule,
                    subject: subject?,
                });
            }
        }
        let file: String = self
            .inner
            .query_row("PRAGMA quick_check", [], |row| row.get(0))?;
        if file != "ok" {
            problems.push(Problem {
                rule: "file",
                subject: file,
            });
        }
        Ok(Verification {
            ok: problems.is_empty(),
            entries,
            problems,
        })
    }
}
