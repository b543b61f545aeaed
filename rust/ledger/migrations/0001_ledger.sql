-- The ledger, first form. Amounts are minor units; times are milliseconds (wall or trusted: the
-- column says which); states are the text forms of pos-domain. Rows with money are never deleted.

CREATE TABLE setting (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID, STRICT;

CREATE TABLE counter (
    name TEXT PRIMARY KEY,
    value INTEGER NOT NULL
) WITHOUT ROWID, STRICT;

-- Working keys as the host sent them (under the master key), sealed once more.
CREATE TABLE key_generation (
    generation INTEGER PRIMARY KEY,
    sealed BLOB NOT NULL,
    created INTEGER NOT NULL
) STRICT;

CREATE TABLE original (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    rail TEXT NOT NULL,
    status TEXT NOT NULL,
    amount INTEGER NOT NULL CHECK (amount > 0),
    currency INTEGER NOT NULL,
    operator TEXT NOT NULL,
    entry TEXT NOT NULL,
    card_mask TEXT,
    last_four TEXT,
    card_hash BLOB,
    account BLOB,
    batch TEXT,
    trace TEXT,
    terminal TEXT NOT NULL,
    merchant TEXT NOT NULL,
    reference TEXT,
    auth_code TEXT,
    voucher TEXT,
    order_no TEXT,
    request TEXT,
    host_date TEXT,
    host_time TEXT,
    settle_date TEXT,
    card_org TEXT,
    code TEXT,
    parent TEXT REFERENCES original (id),
    created INTEGER NOT NULL,
    deadline INTEGER
) STRICT;
CREATE INDEX original_trace ON original (trace);
CREATE INDEX original_created ON original (created);
CREATE INDEX original_last_four ON original (last_four) WHERE last_four IS NOT NULL;
CREATE INDEX original_amount ON original (amount);
CREATE INDEX original_reference ON original (reference) WHERE reference IS NOT NULL;
CREATE INDEX original_batch ON original (batch);
CREATE INDEX original_open ON original (status) WHERE status IN ('sending', 'unknown');
CREATE UNIQUE INDEX original_request ON original (request) WHERE request IS NOT NULL;
CREATE UNIQUE INDEX original_one_completion ON original (parent)
    WHERE kind = 'completion' AND status NOT IN ('declined', 'not_sent', 'reversed');
CREATE UNIQUE INDEX original_one_unmatched ON original (merchant, reference, host_date)
    WHERE kind = 'unmatched';

CREATE TABLE undo (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    original TEXT NOT NULL REFERENCES original (id),
    kind TEXT NOT NULL CHECK (kind IN ('void', 'refund')),
    amount INTEGER NOT NULL CHECK (amount > 0),
    status TEXT NOT NULL,
    code TEXT,
    reason TEXT,
    operator TEXT NOT NULL,
    needs_card INTEGER NOT NULL DEFAULT 0,
    follows TEXT REFERENCES undo (id),
    request TEXT,
    created INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX undo_request ON undo (request) WHERE request IS NOT NULL;
CREATE INDEX undo_original ON undo (original);
CREATE INDEX undo_open ON undo (status)
    WHERE status NOT IN ('voided', 'refunded', 'refused', 'withdrawn', 'refund_offered');

CREATE TABLE attempt (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    original TEXT REFERENCES original (id),
    undo TEXT REFERENCES undo (id),
    purpose TEXT NOT NULL,
    mti TEXT NOT NULL,
    batch TEXT NOT NULL,
    trace TEXT NOT NULL,
    key_generation INTEGER NOT NULL,
    host_day TEXT,
    fields BLOB NOT NULL,
    frame_hash BLOB NOT NULL,
    state TEXT NOT NULL,
    code TEXT,
    answer BLOB,
    created INTEGER NOT NULL,
    closed INTEGER
) STRICT;
CREATE INDEX attempt_original ON attempt (original);
CREATE INDEX attempt_undo ON attempt (undo) WHERE undo IS NOT NULL;
CREATE INDEX attempt_trace ON attempt (trace, batch);
CREATE INDEX attempt_open ON attempt (state) WHERE state IN ('intended', 'no_answer');

CREATE TABLE obligation (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    original TEXT REFERENCES original (id),
    undo TEXT REFERENCES undo (id),
    attempt TEXT REFERENCES attempt (id),
    status TEXT NOT NULL,
    reason TEXT,
    rounds INTEGER NOT NULL DEFAULT 0,
    tries INTEGER NOT NULL DEFAULT 0,
    answered INTEGER NOT NULL DEFAULT 0,
    attempts INTEGER NOT NULL DEFAULT 0,
    next_try INTEGER,
    next_boot TEXT,
    code TEXT,
    proof TEXT,
    created INTEGER NOT NULL,
    closed INTEGER
) STRICT;
CREATE INDEX obligation_open ON obligation (status) WHERE status <> 'closed';
CREATE INDEX obligation_delivered ON obligation (kind) WHERE status = 'closed' AND attempts > 0;
CREATE INDEX obligation_original ON obligation (original);
CREATE INDEX obligation_attempt ON obligation (attempt) WHERE attempt IS NOT NULL;

CREATE TABLE late_answer (
    seq INTEGER PRIMARY KEY,
    attempt TEXT REFERENCES attempt (id),
    mti TEXT NOT NULL,
    trace TEXT,
    code TEXT,
    checked INTEGER NOT NULL,
    frame BLOB NOT NULL,
    received INTEGER NOT NULL
) STRICT;

-- Those up to the counter `events_acknowledged` were told and acknowledged.
CREATE TABLE event (
    seq INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    subject TEXT NOT NULL,
    payload TEXT NOT NULL,
    created INTEGER NOT NULL
) STRICT;

CREATE TABLE audit (
    seq INTEGER PRIMARY KEY,
    wall INTEGER NOT NULL,
    since_boot INTEGER NOT NULL,
    boot_id TEXT NOT NULL,
    operator TEXT NOT NULL,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    before TEXT,
    after TEXT,
    previous BLOB NOT NULL,
    hash BLOB NOT NULL
) STRICT;
CREATE INDEX audit_subject ON audit (subject);

-- Where the chain ends, under the ledger's key: entries cut off its end, and a chain made anew by
-- somebody without the key, are seen.
CREATE TABLE audit_head (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    seq INTEGER NOT NULL,
    mark BLOB NOT NULL
) STRICT;

CREATE TABLE operator (
    no TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('cashier', 'supervisor')),
    pin_hash TEXT,
    disabled INTEGER NOT NULL DEFAULT 0,
    failures INTEGER NOT NULL DEFAULT 0,
    locked_until INTEGER,
    locked_boot TEXT,
    created INTEGER NOT NULL
) WITHOUT ROWID, STRICT;

-- An approval is made for one kind of act on one original and amount, and used once.
CREATE TABLE approval (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    original TEXT NOT NULL,
    amount INTEGER NOT NULL,
    approver TEXT NOT NULL,
    second TEXT,
    used_by TEXT NOT NULL,
    created INTEGER NOT NULL,
    UNIQUE (kind, used_by)
) WITHOUT ROWID, STRICT;

CREATE TABLE settlement (
    batch TEXT PRIMARY KEY,
    phase TEXT NOT NULL CHECK (phase IN ('draining', 'closing', 'uploading', 'cleared')),
    request TEXT,
    records TEXT,
    verdict TEXT,
    uploaded INTEGER NOT NULL DEFAULT 0,
    failed INTEGER NOT NULL DEFAULT 0,
    started INTEGER NOT NULL,
    cleared INTEGER
) WITHOUT ROWID, STRICT;

-- Invariant 3: the undo rule, enforced here and not only in code.

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
        WHERE EXISTS (SELECT 1 FROM original WHERE parent = NEW.original
            AND kind = 'completion' AND status NOT IN ('declined', 'not_sent', 'reversed'));
END;

CREATE TRIGGER undo_rule_update BEFORE UPDATE ON undo BEGIN
    SELECT RAISE(ABORT, 'undo rule: what an undo takes never changes')
        WHERE NEW.original <> OLD.original OR NEW.kind <> OLD.kind OR NEW.amount <> OLD.amount
        OR NEW.id <> OLD.id OR NEW.seq <> OLD.seq;
    SELECT RAISE(ABORT, 'undo rule: a closed undo stays as it is')
        WHERE NEW.status <> OLD.status AND OLD.status IN
            ('voided', 'refunded', 'refused', 'withdrawn', 'refund_offered');
END;

CREATE TRIGGER completion_rule BEFORE INSERT ON original
    WHEN NEW.kind = 'completion' BEGIN
    SELECT RAISE(ABORT, 'undo rule: the pre-authorisation is voided') WHERE EXISTS (
        SELECT 1 FROM undo WHERE original = NEW.parent AND status NOT IN
            ('refused', 'withdrawn', 'refund_offered'));
END;

-- Nothing with money in it is ever deleted, and what is proven or closed stays so.

CREATE TRIGGER original_kept BEFORE DELETE ON original BEGIN
    SELECT RAISE(ABORT, 'an original is never deleted');
END;
CREATE TRIGGER original_fixed BEFORE UPDATE ON original BEGIN
    SELECT RAISE(ABORT, 'an original never changes its amount or identity')
        WHERE NEW.id <> OLD.id OR NEW.amount <> OLD.amount OR NEW.rail <> OLD.rail
        OR NEW.kind <> OLD.kind OR NEW.currency <> OLD.currency OR NEW.parent IS NOT OLD.parent
        OR NEW.seq <> OLD.seq;
    SELECT RAISE(ABORT, 'an original proven undone or never made stays so')
        WHERE NEW.status <> OLD.status AND OLD.status IN ('declined', 'reversed', 'not_sent');
END;
CREATE TRIGGER undo_kept BEFORE DELETE ON undo BEGIN
    SELECT RAISE(ABORT, 'an undo is never deleted');
END;
CREATE TRIGGER attempt_kept BEFORE DELETE ON attempt BEGIN
    SELECT RAISE(ABORT, 'an attempt is never deleted');
END;
CREATE TRIGGER attempt_fixed BEFORE UPDATE ON attempt BEGIN
    SELECT RAISE(ABORT, 'an attempt never changes what was sent')
        WHERE NEW.id <> OLD.id OR NEW.trace <> OLD.trace OR NEW.batch <> OLD.batch
        OR NEW.mti <> OLD.mti OR NEW.purpose <> OLD.purpose
        OR NEW.key_generation <> OLD.key_generation OR NEW.frame_hash <> OLD.frame_hash
        OR NEW.original IS NOT OLD.original OR NEW.undo IS NOT OLD.undo OR NEW.seq <> OLD.seq;
    SELECT RAISE(ABORT, 'a proven attempt never becomes unproven')
        WHERE NEW.state IN ('intended', 'no_answer')
        AND OLD.state IN ('answered', 'reversed', 'not_sent');
END;
CREATE TRIGGER obligation_kept BEFORE DELETE ON obligation BEGIN
    SELECT RAISE(ABORT, 'an obligation is never deleted');
END;
CREATE TRIGGER obligation_fixed BEFORE UPDATE ON obligation BEGIN
    SELECT RAISE(ABORT, 'an obligation never changes what is owed')
        WHERE NEW.id <> OLD.id OR NEW.kind <> OLD.kind OR NEW.original IS NOT OLD.original
        OR NEW.undo IS NOT OLD.undo OR NEW.attempt IS NOT OLD.attempt OR NEW.seq <> OLD.seq;
    SELECT RAISE(ABORT, 'a closed obligation stays closed')
        WHERE OLD.status = 'closed'
        AND (NEW.status <> 'closed' OR NEW.proof IS NOT OLD.proof);
    SELECT RAISE(ABORT, 'an obligation is closed only with its proof')
        WHERE NEW.status = 'closed' AND COALESCE(NEW.proof, '') = '';
END;
CREATE TRIGGER obligation_begun_closed BEFORE INSERT ON obligation BEGIN
    SELECT RAISE(ABORT, 'an obligation is closed only with its proof')
        WHERE NEW.status = 'closed' AND COALESCE(NEW.proof, '') = '';
END;
CREATE TRIGGER late_answer_kept BEFORE DELETE ON late_answer BEGIN
    SELECT RAISE(ABORT, 'a late answer is never deleted');
END;
CREATE TRIGGER approval_kept BEFORE DELETE ON approval BEGIN
    SELECT RAISE(ABORT, 'an approval is never deleted');
END;
CREATE TRIGGER approval_fixed BEFORE UPDATE ON approval BEGIN
    SELECT RAISE(ABORT, 'an approval never changes');
END;
CREATE TRIGGER settlement_kept BEFORE DELETE ON settlement BEGIN
    SELECT RAISE(ABORT, 'a settlement is never deleted');
END;
CREATE TRIGGER operator_kept BEFORE DELETE ON operator BEGIN
    SELECT RAISE(ABORT, 'an operator is disabled, never deleted');
END;
CREATE TRIGGER audit_kept BEFORE DELETE ON audit BEGIN
    SELECT RAISE(ABORT, 'an audit entry is never deleted');
END;
CREATE TRIGGER audit_fixed BEFORE UPDATE ON audit BEGIN
    SELECT RAISE(ABORT, 'an audit entry never changes');
END;
