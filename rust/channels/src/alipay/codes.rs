//! Verdicts of the gateway's codes and sub-codes, for each method (spec alipay §4, §7.2, §8 to
//! §10).

use crate::wallet::Table;
use crate::wallet::Verdict::{Config, Curable, Done, No, Unknown};

/// The node's `code` when it is neither success nor a business failure (§4).
pub const GATEWAY: Table = &[
    ("10003", Unknown),
    ("20000", Unknown),
    ("20001", Config),
    ("40001", Config),
    ("40002", Config),
    ("40006", Config),
];

/// `alipay.trade.pay` and `precreate` (§7.2). "Has success" and "inconsistent" are unknown until a
/// query has compared amount and terminal (decision 17).
pub const PAY: Table = &[
    ("ACQ.SYSTEM_ERROR", Unknown),
    ("ACQ.TRADE_HAS_SUCCESS", Unknown),
    ("ACQ.CONTEXT_INCONSISTENT", Unknown),
    ("ACQ.PAYMENT_AUTH_CODE_INVALID", No),
    ("ACQ.PULL_MOBILE_CASHIER_FAIL", No),
    ("ACQ.PAYMENT_FAIL", No),
    ("ACQ.SOUNDWAVE_PARSER_FAIL", No),
    ("ACQ.TRADE_HAS_CLOSE", No),
    ("ACQ.TRADE_BUYER_NOT_MATCH", No),
    ("ACQ.BUYER_BALANCE_NOT_ENOUGH", No),
    ("ACQ.BUYER_BANKCARD_BALANCE_NOT_ENOUGH", No),
    ("ACQ.ERROR_BALANCE_PAYMENT_DISABLE", No),
    ("ACQ.NO_PAYMENT_INSTRUMENTS_AVAILABLE", No),
    ("ACQ.NOT_SUPPORT_PAYMENT_INST", No),
    ("ACQ.BUYER_PAYMENT_AMOUNT_DAY_LIMIT_ERROR", No),
    ("ACQ.BUYER_PAYMENT_AMOUNT_MONTH_LIMIT_ERROR", No),
    ("ACQ.BEYOND_PAY_*", No),
    ("ACQ.BEYOND_PER_RECEIPT_*", No),
    ("ACQ.BUYER_ENABLE_STATUS_FORBID", No),
    ("ACQ.MOBILE_PAYMENT_SWITCH_OFF", No),
    ("ACQ.USER_FACE_PAYMENT_SWITCH_OFF", No),
    ("ACQ.ERROR_BUYER_CERTIFY_LEVEL_LIMIT", No),
    ("ACQ.PAYMENT_REQUEST_HAS_RISK", No),
    ("ACQ.BUYER_SELLER_EQUAL", No),
    ("ACQ.TOTAL_FEE_EXCEED", No),
    ("ACQ.AMOUNT_OR_CURRENCY_ERROR", No),
    ("ACQ.EXIST_FORBIDDEN_WORD", Config),
    ("ACQ.NOW_TIME_AFTER_EXPIRE_TIME_ERROR", Config),
    ("ACQ.INVALID_PARAMETER", Config),
    ("ACQ.ACCESS_FORBIDDEN", Config),
    ("ACQ.PARTNER_ERROR", Config),
    ("ACQ.INVALID_STORE_ID", Config),
    ("ACQ.SUB_MERCHANT_*", Config),
    ("ACQ.SECONDARY_MERCHANT_*", Config),
    ("ACQ.MERCHANT_AGREEMENT_*", Config),
    ("ACQ.MERCHANT_STATUS_NOT_NORMAL", Config),
    ("ACQ.SELLER_BEEN_BLOCKED", Config),
    ("ACQ.TRADE_SETTLE_ERROR", Config),
];

/// `alipay.trade.query` (§6).
pub const QUERY: Table = &[
    ("ACQ.TRADE_NOT_EXIST", Done),
    ("ACQ.SYSTEM_ERROR", Unknown),
    ("ACQ.INVALID_PARAMETER", Config),
];

/// `alipay.trade.cancel` (§8). A wrong fee is typically an earlier refund: for a query to tell.
pub const CANCEL: Table = &[
    ("ACQ.SYSTEM_ERROR", Unknown),
    ("AQC.SYSTEM_ERROR", Unknown),
    ("ACQ.REASON_TRADE_REFUND_FEE_ERR", Unknown),
    ("ACQ.SELLER_BALANCE_NOT_ENOUGH", Curable),
    ("ACQ.REASON_TRADE_BEEN_FREEZEN", No),
    ("ACQ.TRADE_HAS_FINISHED", No),
    ("ACQ.TRADE_CANCEL_TIME_OUT", No),
    ("ACQ.CANCEL_NOT_ALLOWED", No),
    ("ACQ.INVALID_PARAMETER", Config),
];

/// `alipay.trade.refund` (§9). Codes that an earlier attempt with the same number could have
/// caused are for a query to tell.
pub const REFUND: Table = &[
    ("ACQ.SYSTEM_ERROR", Unknown),
    ("ACQ.REFUND_AMT_NOT_EQUAL_TOTAL", Unknown),
    ("ACQ.REASON_TRADE_REFUND_FEE_ERR", Unknown),
    ("ACQ.REFUND_FEE_ERROR", Unknown),
    ("ACQ.DISCORDANT_REPEAT_REQUEST", Unknown),
    ("ACQ.TRADE_STATUS_ERROR", Unknown),
    ("ACQ.TRADE_HAS_CLOSE", Unknown),
    ("ACQ.SELLER_BALANCE_NOT_ENOUGH", Curable),
    ("ACQ.TRADE_HAS_FINISHED", No),
    ("ACQ.TRADE_NOT_ALLOW_REFUND", No),
    ("ACQ.NOT_ALLOW_PARTIAL_REFUND", No),
    ("ACQ.REASON_TRADE_BEEN_FREEZEN", No),
    ("ACQ.BUYER_*", No),
    ("ACQ.USER_NOT_MATCH_ERR", No),
    ("ACQ.REFUND_CHARGE_ERROR", No),
    ("ACQ.TRADE_NOT_EXIST", Config),
    ("ACQ.INVALID_PARAMETER", Config),
];

/// `alipay.trade.fastpay.refund.query` (§9).
pub const REFUND_QUERY: Table = &[
    ("ACQ.SYSTEM_ERROR", Unknown),
    ("ACQ.TRADE_NOT_EXIST", Config),
    ("ACQ.INVALID_PARAMETER", Config),
];

/// `alipay.trade.close` (§10). A QR that nobody scanned has no trade to close.
pub const CLOSE: Table = &[
    ("ACQ.SYSTEM_ERROR", Unknown),
    ("ACQ.TRADE_STATUS_ERROR", Unknown),
    ("ACQ.TRADE_NOT_EXIST", No),
    ("ACQ.INVALID_PARAMETER", Config),
];
