//! Operators and single-use approvals, as stored. Who may do what is `pos-policy`'s.

use pos_domain::{Amount, Id, WallTime};
use rusqlite::{OptionalExtension, Row, params};

use crate::row::parsed;
use crate::{LedgerError, Query, Tx};

/// What an operator may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Takes money and asks for voids.
    Cashier,
    /// Approves, settles, resolves.
    Supervisor,
}

pos_domain::text_enum!(Role { Cashier => "cashier", Supervisor => "supervisor" });

/// An operator as stored.
#[derive(Clone, Debug)]
pub struct Operator {
    /// Two digits or more.
    pub no: String,
    /// For slips and screens.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// The PIN's Argon2 hash; none for one without a PIN.
    pub pin_hash: Option<String>,
    /// Whether they may no longer work here.
    pub disabled: bool,
    /// Wrong PINs since the last right one.
    pub failures: u32,
    /// Until when no PIN is tried, milliseconds since the boot `locked_boot`.
    pub locked_until: Option<i64>,
    /// The boot that `locked_until` counts in.
    pub locked_boot: Option<String>,
    /// When they were added.
    pub created: WallTime,
}

/// A supervisor's consent, made for one act and used by it in the same transaction.
#[derive(Clone, Debug)]
pub struct Approval<'a> {
    /// What kind of act: `void`, `refund`, `resolve`, …
    pub kind: &'a str,
    /// On which original.
    pub original: &'a Id,
    /// For how much.
    pub amount: Amount,
    /// Who consented.
    pub approver: &'a str,
    /// The second person, where two are needed.
    pub second: Option<&'a str>,
    /// What used it.
    pub used_by: &'a Id,
}

const COLUMNS: &str =
    "no, name, role, pin_hash, disabled, failures, locked_until, locked_boot, created";

fn from_row(row: &Row<'_>) -> rusqlite::Result<Operator> {
    Ok(Operator {
        no: row.get(0)?,
        name: row.get(1)?,
        role: parsed(row, 2)?,
        pin_hash: row.get(3)?,
        disabled: row.get(4)?,
        failures: row.get(5)?,
        locked_until: row.get(6)?,
        locked_boot: row.get(7)?,
        created: WallTime(row.get(8)?),
    })
}

impl Query<'_> {
    /// The operator with this number.
    ///
    /// # Errors
    /// Those of the database.
    pub fn operator(&self, no: &str) -> Result<Option<Operator>, LedgerError> {
        let sql = format!("SELECT {COLUMNS} FROM operator WHERE no = ?1");
        Ok(self
            .inner
            .prepare_cached(&sql)?
            .query_row([no], from_row)
            .optional()?)
    }

    /// All operators, by number.
    ///
    /// # Errors
    /// Those of the database.
    pub fn operators(&self) -> Result<Vec<Operator>, LedgerError> {
        let sql = format!("SELECT {COLUMNS} FROM operator ORDER BY no");
        let mut statement = self.inner.prepare_cached(&sql)?;
        let rows = statement.query_map([], from_row)?;
        Ok(rows.collect::<Result<_, _>>()?)
    }

    /// Whether any supervisor exists who may work.
    ///
    /// # Errors
    /// Those of the database.
    pub fn has_supervisor(&self) -> Result<bool, LedgerError> {
        Ok(self
            .inner
            .prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM operator WHERE role = 'supervisor' AND disabled = 0)",
            )?
            .query_row([], |row| row.get(0))?)
    }
}

impl Tx<'_> {
    /// Adds an operator or changes name, role and PIN of one.
    ///
    /// # Errors
    /// Those of the database.
    pub fn put_operator(
        &self,
        no: &str,
        name: &str,
        role: Role,
        pin_hash: Option<&str>,
    ) -> Result<(), LedgerError> {
        let before = self.query().operator(no)?;
        self.inner.execute(
            "INSERT INTO operator (no, name, role, pin_hash, created) VALUES (?1,?2,?3,?4,?5)
             ON CONFLICT (no) DO UPDATE SET name = excluded.name, role = excluded.role,
             pin_hash = excluded.pin_hash, disabled = 0, failures = 0, locked_until = NULL",
            params![no, name, role.as_str(), pin_hash, self.now()],
        )?;
        let before = before.map(|before| before.role.as_str());
        self.audit("operator", no, before, Some(role.as_str()))
    }

    /// Disables an operator; the entry stays.
    ///
    /// # Errors
    /// [`LedgerError::Missing`] when there is none.
    pub fn disable_operator(&self, no: &str) -> Result<(), LedgerError> {
        let changed = self
            .inner
            .execute("UPDATE operator SET disabled = 1 WHERE no = ?1", [no])?;
        if changed == 0 {
            return Err(LedgerError::Missing {
                what: "operator",
                id: no.to_owned(),
            });
        }
        self.audit("operator", no, None, Some("disabled"))
    }

    /// Notes a PIN try: the count of wrong ones in a row and until when none is tried.
    ///
    /// # Errors
    /// Those of the database.
    pub fn note_pin_try(
        &self,
        no: &str,
        failures: u32,
        locked_until: Option<i64>,
    ) -> Result<(), LedgerError> {
        self.inner.execute(
            "UPDATE operator SET failures = ?2, locked_until = ?3, locked_boot = ?4
             WHERE no = ?1",
            params![no, failures, locked_until, self.stamp.at.boot_id],
        )?;
        if failures > 0 {
            self.audit("pin_wrong", no, None, Some(&failures.to_string()))?;
        }
        Ok(())
    }

    /// Stores an approval together with what uses it.
    ///
    /// # Errors
    /// [`LedgerError::Rule`] when that act already used one.
    pub fn use_approval(&self, approval: &Approval<'_>) -> Result<Id, LedgerError> {
        let id = self.new_id('P')?;
        self.inner.execute(
            "INSERT INTO approval (id, kind, original, amount, approver, second, used_by, created)
             VALUES (?1,?2,?3,?4,?5,?6,?7,?8)",
            params![
                id.as_str(),
                approval.kind,
                approval.original.as_str(),
                approval.amount.minor(),
                approval.approver,
                approval.second,
                approval.used_by.as_str(),
                self.now(),
            ],
        )?;
        self.audit(
            "approval",
            approval.used_by.as_str(),
            None,
            Some(approval.approver),
        )?;
        Ok(id)
    }
}
