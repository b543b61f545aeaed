-- What hosts asked for and gave, what a card said after the answer, and signatures. Times are
-- milliseconds; `next_try` counts since the boot `next_boot`. Sealed columns name no secret.

-- The gate asks for one kind before every message, however much of another waits.
CREATE INDEX obligation_owed ON obligation (kind, seq) WHERE status = 'owed';

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
