-- Orders that go over the web: WeChat, Alipay, UnionPay's all-channel gateway. Such an order has its
-- own number in `original.order_no` and neither batch nor trace. Times are milliseconds; `submitted`
-- counts since the boot `boot`, `revoke_until` is trusted time where there is one.

CREATE UNIQUE INDEX original_order_no ON original (order_no) WHERE order_no IS NOT NULL;
CREATE TRIGGER original_order_fixed BEFORE UPDATE ON original
    WHEN NEW.order_no IS NOT OLD.order_no BEGIN
    SELECT RAISE(ABORT, 'an original never changes its order number');
END;

-- What goes over the web is delivered beside the line to the acquirer, which has its own order.
ALTER TABLE obligation ADD COLUMN web INTEGER NOT NULL DEFAULT 0 CHECK (web IN (0, 1));
CREATE INDEX obligation_owed_web ON obligation (kind, seq) WHERE status = 'owed' AND web = 1;
CREATE TRIGGER obligation_web_fixed BEFORE UPDATE ON obligation WHEN NEW.web <> OLD.web BEGIN
    SELECT RAISE(ABORT, 'an obligation never changes its way');
END;

CREATE TABLE web_order (
    original TEXT PRIMARY KEY REFERENCES original (id),
    method TEXT NOT NULL,
    told TEXT NOT NULL CHECK (told IN ('waiting', 'ask', 'not_paid', 'handed_over')),
    -- The text of our QR, for the customer to scan.
    qr TEXT,
    transaction_id TEXT,
    paid_at TEXT,
    submitted INTEGER NOT NULL,
    boot TEXT NOT NULL,
    revoke_until INTEGER NOT NULL,
    -- Whether a byte of a take-back may have left.
    take_back_sent INTEGER NOT NULL DEFAULT 0 CHECK (take_back_sent IN (0, 1)),
    -- The number of the refund that a take-back became, made before its first byte.
    give_back TEXT UNIQUE
) WITHOUT ROWID, STRICT;
CREATE TRIGGER web_order_kept BEFORE DELETE ON web_order BEGIN
    SELECT RAISE(ABORT, 'an order is never deleted');
END;
CREATE TRIGGER web_order_fixed BEFORE UPDATE ON web_order BEGIN
    SELECT RAISE(ABORT, 'an order never changes its identity')
        WHERE NEW.original <> OLD.original OR NEW.method <> OLD.method
        OR (OLD.give_back IS NOT NULL AND NEW.give_back IS NOT OLD.give_back)
        OR NEW.take_back_sent < OLD.take_back_sent;
    SELECT RAISE(ABORT, 'what the counter was told stands')
        WHERE NEW.told <> OLD.told AND OLD.told = 'not_paid'
        AND (NEW.told <> 'handed_over' OR OLD.take_back_sent = 1);
END;

-- A UnionPay payment code, sealed like a card number: a reversal and the batch upload need it. It
-- is erased when its batch is cleared and nothing is owed.
CREATE TABLE payment_code (
    original TEXT PRIMARY KEY REFERENCES original (id),
    sealed BLOB,
    created INTEGER NOT NULL
) WITHOUT ROWID, STRICT;
CREATE TRIGGER payment_code_kept BEFORE DELETE ON payment_code BEGIN
    SELECT RAISE(ABORT, 'a payment code is erased, its row is never deleted');
END;

CREATE TABLE web_undo (
    undo TEXT PRIMARY KEY REFERENCES undo (id),
    method TEXT NOT NULL,
    number TEXT NOT NULL UNIQUE
) WITHOUT ROWID, STRICT;
CREATE TRIGGER web_undo_kept BEFORE DELETE ON web_undo BEGIN
    SELECT RAISE(ABORT, 'an undo is never deleted');
END;
CREATE TRIGGER web_undo_fixed BEFORE UPDATE ON web_undo BEGIN
    SELECT RAISE(ABORT, 'the method of an undo and its number never change');
END;
