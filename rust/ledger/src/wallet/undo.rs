//! How the money of a web order goes back: the method and the number, chosen once.

use pos_domain::{Id, UndoMethod};
use rusqlite::{OptionalExtension, params};

use crate::row::{id, parsed};
use crate::{LedgerError, Query, Tx, Undo};

/// The method and number of a new undo.
#[derive(Clone, Debug)]
pub struct NewWebUndo<'a> {
    /// The undo.
    pub undo: &'a Id,
    /// How the money goes back.
    pub method: UndoMethod,
    /// Its own number, made before the first call and never used for anything else.
    pub number: &'a str,
}

/// How the money of a web order goes back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WebUndo {
    /// The undo.
    pub undo: Id,
    /// How the money goes back.
    pub method: UndoMethod,
    /// Its own number.
    pub number: String,
}

impl Query<'_> {
    /// The web side of an undo; none for one that goes another way.
    ///
    /// # Errors
    /// Those of the database.
    pub fn web_undo(&self, undo: &Id) -> Result<Option<WebUndo>, LedgerError> {
        let read = |row: &rusqlite::Row<'_>| {
            Ok(WebUndo {
                undo: id(row, 0)?,
                method: parsed(row, 1)?,
                number: row.get(2)?,
            })
        };
        Ok(self
            .inner
            .prepare_cached("SELECT undo, method, number FROM web_undo WHERE undo = ?1")?
            .query_row([undo.as_str()], read)
            .optional()?)
    }

    /// Undos of web orders that are neither proven done nor proven failed, oldest first.
    ///
    /// # Errors
    /// Those of the database.
    pub fn open_web_undos(&self) -> Result<Vec<Undo>, LedgerError> {
        let mut open = self.open_undos()?;
        open.retain(|undo| undo.web);
        Ok(open)
    }
}

impl Tx<'_> {
    /// Stores how an undo goes, once.
    ///
    /// # Errors
    /// [`LedgerError::Rule`] for a number that was used before.
    pub fn insert_web_undo(&self, new: &NewWebUndo<'_>) -> Result<(), LedgerError> {
        self.inner
            .prepare_cached("INSERT INTO web_undo (undo, method, number) VALUES (?1, ?2, ?3)")?
            .execute(params![new.undo.as_str(), new.method.as_str(), new.number])?;
        let method = new.method.as_str();
        self.audit("method", new.undo.as_str(), None, Some(method))
    }
}
