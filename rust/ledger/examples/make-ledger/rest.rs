//! What is no sale and no undo: the terminal's own state, hosts' jobs, debts.

use pos_domain::{LocalCode, ObligationKind, ObligationStatus, OriginalKind, SaleStatus, WallTime};
use pos_ledger::{JobKind, JobStep, Ledger, NewObligation, Phase, Role};

use crate::{Kind, Made, insert, write};

/// Settings, keys, counters, people and a settlement in each phase.
pub fn terminal(ledger: &Ledger) -> Made {
    write(ledger, |tx| {
        tx.set_setting("merchant.name", "示例商户")?;
        tx.set_trusted_time(WallTime(1_795_515_601_000))?;
        tx.add_working_keys(1, b"working keys under the master key")?;
        tx.put_operator("01", "甲", Role::Cashier, None)?;
        tx.put_operator("02", "乙", Role::Cashier, None)?;
        tx.put_operator("09", "店长", Role::Supervisor, Some("not a hash"))?;
        tx.disable_operator("02")?;
        tx.note_pin_try("09", 5, Some(901_000))?;
        tx.set_batch(4)?;
        for (number, phase) in (1..).zip(Phase::ALL) {
            let batch = format!("{number:06}");
            tx.set_settlement_phase(&batch, *phase, Some("0001"), Some("11"))?;
            tx.set_uploaded(&batch, number, 0)?;
        }
        Ok(())
    })
}

/// A host's job of each kind, every second one finished, and a sale with a chip's last word and a
/// signature.
pub fn messages(ledger: &Ledger) -> Made {
    write(ledger, |tx| {
        for (number, kind) in (0..).zip(JobKind::ALL) {
            tx.add_job(*kind, JobStep::Fetch)?;
            let job = tx.query().last_job(*kind)?.ok_or("the job just added")?;
            tx.add_job_items(&job, &[(b"name".to_vec(), Some(b"value".to_vec()))])?;
            if number % 2 == 0 {
                tx.finish_job(&job)?;
            }
        }
        let (id, kind) = (tx.new_id('S')?, OriginalKind::Sale);
        let status = SaleStatus::Approved;
        let parent = None;
        insert(
            tx,
            &id,
            Kind {
                kind,
                parent,
                status,
            },
        )?;
        tx.set_chip_result(&id, b"chip data", true)?;
        tx.insert_signature(&id, "00000000", b"image")?;
        Ok(())
    })
}

/// A debt of each kind, tried once, in a new round.
pub fn debts(ledger: &Ledger) -> Made {
    write(ledger, |tx| {
        for kind in ObligationKind::ALL {
            let id = tx.new_id('O')?;
            tx.insert_obligation(&NewObligation {
                id: &id,
                kind: *kind,
                original: None,
                undo: None,
                attempt: None,
                status: ObligationStatus::Owed,
            })?;
            tx.note_try(&id, Some(&LocalCode::Waiting.into()), true, 30_000)?;
            tx.new_round(&id)?;
        }
        tx.acknowledge_events(10)?;
        Ok(())
    })
}
