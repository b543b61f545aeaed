-- What hosts asked for and gave, what a card said after the answer, signatures, and when a
-- pre-authorisation, a reversed sale or a withdrawn void may come to life again. Times are milliseconds; `next_try` counts since
-- the boot `next_boot`. Sealed columns name no secret.

-- The gate asks for one kind before every message, however much of another waits.
CREATE INDEX obligation_owed ON obligation (kind, seq) WHERE status = 'owed';

-- Where in the journal each hour began, milliseconds / 3,600,000 on the wall clock: the first
-- original that was made in it or later. The clock may be set back, this never goes back; so all
-- originals before it are older, and a page since some time ends there. The index by time, which
-- had to be read from that time to its end, is not needed any more.
CREATE TABLE original_hour (
    hour INTEGER PRIMARY KEY,
    seq INTEGER NOT NULL
) STRICT;
INSERT INTO original_hour SELECT hour, MIN(seq) FROM
    (SELECT seq, MAX(created) OVER (ORDER BY seq) / 3600000 AS hour FROM original) GROUP BY hour;
CREATE TRIGGER original_hour_begins AFTER INSERT ON original
    WHEN (SELECT COALESCE(MAX(hour) < NEW.created / 3600000, 1) FROM original_hour) BEGIN
    INSERT INTO original_hour VALUES (NEW.created / 3600000, NEW.seq);
END;
DROP INDEX original_created;

-- All that was told of one sale.
CREATE INDEX event_subject ON event (subject);

-- Work that a host asked for in the header of an answer, one step persisted at a time.
CREATE TABLE job (
    seq INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    step TEXT NOT NULL CHECK (step IN ('list', 'fetch', 'end')),
    tries INTEGER NOT NULL DEFAULT 0,
    refused INTEGER NOT NULL DEFAULT 0,
    next_try INTEGER,
    next_boot TEXT,
    code TEXT,
    created INTEGER NOT NULL,
    closed INTEGER
) STRICT;
CREATE UNIQUE INDEX job_open ON job (kind) WHERE closed IS NULL;

-- What a job listed and, once it came, its content.
CREATE TABLE job_item (
    job INTEGER NOT NULL REFERENCES job (seq),
    place INTEGER NOT NULL,
    name BLOB NOT NULL,
    sealed BLOB,
    PRIMARY KEY (job, place)
) WITHOUT ROWID, STRICT;

-- What finished jobs brought: the newest whole set of each kind.
CREATE TABLE download (
    kind TEXT NOT NULL,
    place INTEGER NOT NULL,
    name BLOB NOT NULL,
    sealed BLOB NOT NULL,
    received INTEGER NOT NULL,
    PRIMARY KEY (kind, place)
) WITHOUT ROWID, STRICT;

-- Chip data of a card's last word: its second cryptogram and the results of scripts.
CREATE TABLE chip_result (
    original TEXT PRIMARY KEY REFERENCES original (id),
    has_cryptogram INTEGER NOT NULL CHECK (has_cryptogram IN (0, 1)),
    sealed BLOB NOT NULL,
    created INTEGER NOT NULL
) WITHOUT ROWID, STRICT;

-- A customer's signature; the image goes when the host has it.
CREATE TABLE signature (
    original TEXT PRIMARY KEY REFERENCES original (id),
    feature TEXT NOT NULL,
    sealed BLOB,
    created INTEGER NOT NULL
) WITHOUT ROWID, STRICT;

-- Invariant 3 for pre-authorisations: a completion lives until it is proven failed or proven
-- voided; then what it took is held again, and may be completed or voided once more. Whether it
-- lives stands in two tables, so a trigger holds the rule and no index can. A proven void stays
-- proven and a dead completion stays dead, so only a new row can break it.

CREATE VIEW live_completion AS SELECT id, parent FROM original
    WHERE kind = 'completion' AND parent IS NOT NULL
    AND status NOT IN ('declined', 'not_sent', 'reversed')
    AND NOT EXISTS (SELECT 1 FROM undo WHERE undo.original = original.id
        AND undo.kind = 'void' AND undo.status = 'voided');

DROP INDEX original_one_completion;
CREATE INDEX original_parent ON original (parent) WHERE parent IS NOT NULL;
CREATE INDEX original_held ON original (seq) WHERE kind = 'preauth' AND status = 'held' AND parent IS NULL;

DROP TRIGGER completion_rule;
CREATE TRIGGER completion_rule BEFORE INSERT ON original
    WHEN NEW.kind = 'completion' BEGIN
    SELECT RAISE(ABORT, 'undo rule: the pre-authorisation is voided') WHERE EXISTS (
        SELECT 1 FROM undo WHERE original = NEW.parent AND status NOT IN
            ('refused', 'withdrawn', 'refund_offered'));
    SELECT RAISE(ABORT, 'undo rule: the pre-authorisation is completed')
        WHERE NEW.status NOT IN ('declined', 'not_sent', 'reversed')
        AND EXISTS (SELECT 1 FROM live_completion WHERE parent = NEW.parent);
END;

DROP TRIGGER undo_rule_insert;
CREATE TRIGGER undo_rule_insert BEFORE INSERT ON undo BEGIN
    SELECT RAISE(ABORT, 'undo rule: one in flight at a time') WHERE EXISTS (
        SELECT 1 FROM undo WHERE original = NEW.original AND status NOT IN
            ('voided', 'refunded', 'refused', 'withdrawn', 'refund_offered'));
    SELECT RAISE(ABORT, 'undo rule: a void takes all of it')
        WHERE NEW.kind = 'void'
        AND NEW.amount <> (SELECT amount FROM original WHERE id = NEW.original);
    SELECT RAISE(ABORT, 'undo rule: more than the original')
        WHERE NEW.amount + (SELECT COALESCE(SUM(amount), 0) FROM undo
            WHERE original = NEW.original AND status NOT IN
                ('refused', 'withdrawn', 'refund_offered'))
        > (SELECT amount FROM original WHERE id = NEW.original);
    SELECT RAISE(ABORT, 'undo rule: the pre-authorisation is completed')
        WHERE EXISTS (SELECT 1 FROM live_completion WHERE parent = NEW.original);
END;

-- A reversed sale and a withdrawn void are proven as far as the host could: it did not know the
-- message. One more reversal, the confirmation, goes out when the message cannot be on its way any
-- more. If the host cannot confirm it, the money is at risk, and only then the acquirer's written
-- statement may say that the message was carried out after all.

CREATE VIEW at_risk AS SELECT obligation.original, attempt.undo
    FROM obligation JOIN attempt ON attempt.id = obligation.attempt
    WHERE obligation.kind = 'confirmation' AND obligation.status = 'escalated';

DROP TRIGGER original_fixed;
CREATE TRIGGER original_fixed BEFORE UPDATE ON original BEGIN
    SELECT RAISE(ABORT, 'an original never changes its amount or identity')
        WHERE NEW.id <> OLD.id OR NEW.amount <> OLD.amount OR NEW.rail <> OLD.rail
        OR NEW.kind <> OLD.kind OR NEW.currency <> OLD.currency OR NEW.parent IS NOT OLD.parent
        OR NEW.seq <> OLD.seq;
    SELECT RAISE(ABORT, 'an original proven undone or never made stays so')
        WHERE NEW.status <> OLD.status AND OLD.status IN ('declined', 'reversed', 'not_sent')
        AND NOT (OLD.status = 'reversed' AND NEW.status IN ('approved', 'held')
            AND EXISTS (SELECT 1 FROM at_risk WHERE original = OLD.id AND undo IS NULL));
    SELECT RAISE(ABORT, 'undo rule: the pre-authorisation is completed or voided')
        WHERE NEW.status <> OLD.status AND OLD.status = 'reversed' AND OLD.kind = 'completion'
        AND (EXISTS (SELECT 1 FROM live_completion WHERE parent = OLD.parent)
            OR EXISTS (SELECT 1 FROM undo WHERE original = OLD.parent AND status NOT IN
                ('refused', 'withdrawn', 'refund_offered')));
END;

DROP TRIGGER undo_rule_update;
CREATE TRIGGER undo_rule_update BEFORE UPDATE ON undo BEGIN
    SELECT RAISE(ABORT, 'undo rule: what an undo takes never changes')
        WHERE NEW.original <> OLD.original OR NEW.kind <> OLD.kind OR NEW.amount <> OLD.amount
        OR NEW.id <> OLD.id OR NEW.seq <> OLD.seq;
    SELECT RAISE(ABORT, 'undo rule: a closed undo stays as it is')
        WHERE NEW.status <> OLD.status AND OLD.status IN
            ('voided', 'refunded', 'refused', 'withdrawn', 'refund_offered')
        -- It was done because its sale was undone, which was not so.
        AND NOT (OLD.status = 'voided' AND NEW.status = 'refused' AND EXISTS (
            SELECT 1 FROM at_risk JOIN original ON original.id = at_risk.original
            WHERE original.id = OLD.original AND original.status = 'reversed'
            AND at_risk.undo IS NULL))
        -- It was carried out all the same.
        AND NOT (OLD.status = 'withdrawn' AND NEW.status = 'voided' AND EXISTS (
            SELECT 1 FROM at_risk WHERE undo = OLD.id));
    SELECT RAISE(ABORT, 'undo rule: more than the original')
        WHERE OLD.status = 'withdrawn' AND NEW.status = 'voided' AND EXISTS (
            SELECT 1 FROM undo WHERE original = OLD.original AND id <> OLD.id AND status NOT IN
                ('refused', 'withdrawn', 'refund_offered'));
END;
