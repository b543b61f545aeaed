-- Clearing: a stuck item leaves gate and list and stays unproven. It is not closed, so that an answer
-- or a statement can still close it with its proof; its tombstone says why it was given up, and the
-- approval of two different people stands beside it. Times are milliseconds.

CREATE TABLE tombstone (
    obligation TEXT PRIMARY KEY REFERENCES obligation (id),
    reason TEXT NOT NULL CHECK (reason <> ''),
    created INTEGER NOT NULL
) WITHOUT ROWID, STRICT;
CREATE TRIGGER tombstone_of_two BEFORE INSERT ON tombstone BEGIN
    SELECT RAISE(ABORT, 'an item is cleared only by two different people')
        WHERE NOT EXISTS (SELECT 1 FROM approval WHERE kind = 'clear'
            AND used_by = NEW.obligation AND COALESCE(second, approver) <> approver);
END;
CREATE TRIGGER tombstone_kept BEFORE DELETE ON tombstone BEGIN
    SELECT RAISE(ABORT, 'a tombstone is never deleted');
END;
CREATE TRIGGER tombstone_fixed BEFORE UPDATE ON tombstone BEGIN
    SELECT RAISE(ABORT, 'a tombstone never changes');
END;

CREATE TRIGGER obligation_cleared BEFORE UPDATE ON obligation WHEN NEW.status <> OLD.status BEGIN
    SELECT RAISE(ABORT, 'an item is cleared only with its tombstone')
        WHERE NEW.status = 'cleared'
        AND NOT EXISTS (SELECT 1 FROM tombstone WHERE obligation = NEW.id);
    SELECT RAISE(ABORT, 'a cleared item is only closed, with its proof')
        WHERE OLD.status = 'cleared' AND NEW.status <> 'closed';
END;
CREATE TRIGGER obligation_begun_cleared BEFORE INSERT ON obligation BEGIN
    SELECT RAISE(ABORT, 'an item is cleared only with its tombstone') WHERE NEW.status = 'cleared';
END;

-- What nobody proved is at risk, whether it still stands in the list or not.
DROP VIEW at_risk;
CREATE VIEW at_risk AS SELECT obligation.original, attempt.undo
    FROM obligation JOIN attempt ON attempt.id = obligation.attempt
    WHERE obligation.kind = 'confirmation' AND obligation.status IN ('escalated', 'cleared');
