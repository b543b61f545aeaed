//! Verdicts of WeChat's answer codes, for each operation (spec wechat-pay §3.3, §5 to §7, §10).

use crate::wallet::Table;
use crate::wallet::Verdict::{Config, Curable, Done, No, Unknown};

/// `/pay/micropay` (§3.3). "Already paid" and "number used" are unknown until a query has compared
/// amount and terminal (decision 17).
pub const MICROPAY: Table = &[
    ("SYSTEMERROR", Unknown),
    ("BANKERROR", Unknown),
    ("USERPAYING", Unknown),
    ("ORDERPAID", Unknown),
    ("OUT_TRADE_NO_USED", Unknown),
    ("INVALID_REQUEST", Unknown),
    ("AUTHCODEEXPIRE", No),
    ("AUTH_CODE_ERROR", No),
    ("AUTH_CODE_INVALID", No),
    ("NOTENOUGH", No),
    ("NOTSUPORTCARD", No),
    ("ORDERCLOSED", No),
    ("ORDERREVERSED", No),
    ("BUYER_MISMATCH", No),
    ("TRADE_ERROR", No),
    ("NOAUTH", Config),
    ("PARAM_ERROR", Config),
    ("LACK_PARAMS", Config),
    ("XML_FORMAT_ERROR", Config),
    ("REQUIRE_POST_METHOD", Config),
    ("NOT_UTF8", Config),
    ("SIGNERROR", Config),
    ("APPID_NOT_EXIST", Config),
    ("MCHID_NOT_EXIST", Config),
    ("APPID_MCHID_NOT_MATCH", Config),
];

/// `/pay/orderquery` (§4).
pub const QUERY: Table = &[
    ("ORDERNOTEXIST", Done),
    ("SYSTEMERROR", Unknown),
    ("PARAM_ERROR", Config),
    ("SIGNERROR", Config),
];

/// `/secapi/pay/reverse` (§5).
pub const REVERSE: Table = &[
    ("SYSTEMERROR", Unknown),
    ("INVALID_REQUEST", Unknown),
    ("USERPAYING", Curable),
    ("REVERSE_EXPIRE", No),
    ("TRADE_ERROR", No),
    ("INVALID_TRANSACTIONID", Config),
    ("PARAM_ERROR", Config),
    ("SIGNERROR", Config),
    ("REQUIRE_POST_METHOD", Config),
];

/// `/secapi/pay/refund` (§6). Too fast and too little balance are cured with the same number.
pub const REFUND: Table = &[
    ("SYSTEMERROR", Unknown),
    ("BIZERR_NEED_RETRY", Unknown),
    ("FREQUENCY_LIMITED", Curable),
    ("INVALID_REQ_TOO_MUCH", Curable),
    ("NOTENOUGH", Curable),
    ("TRADE_OVERDUE", No),
    ("USER_ACCOUNT_ABNORMAL", No),
    ("ERROR", No),
    ("ORDERNOTEXIST", Config),
    ("INVALID_TRANSACTIONID", Config),
    ("PARAM_ERROR", Config),
    ("APPID_NOT_EXIST", Config),
    ("MCHID_NOT_EXIST", Config),
    ("REQUIRE_POST_METHOD", Config),
    ("SIGNERROR", Config),
    ("XML_FORMAT_ERROR", Config),
];

/// `/pay/refundquery` (§6).
pub const REFUND_QUERY: Table = &[
    ("REFUNDNOTEXIST", Done),
    ("SYSTEMERROR", Unknown),
    ("ORDERNOTEXIST", Config),
    ("INVALID_TRANSACTIONID", Config),
    ("PARAM_ERROR", Config),
    ("SIGNERROR", Config),
];

/// `/pay/closeorder` (§7). A paid order is for a query to tell.
pub const CLOSE: Table = &[
    ("ORDERCLOSED", Done),
    ("ORDERPAID", Unknown),
    ("TRADE_STATE_ERROR", Unknown),
    ("ORDERNOTEXIST", Unknown),
    ("SYSTEMERROR", Unknown),
    ("SIGNERROR", Config),
    ("REQUIRE_POST_METHOD", Config),
    ("XML_FORMAT_ERROR", Config),
];

/// What `return_msg` begins with when the request was refused for its form, and the code that
/// stands for it: such an answer has a text only (§1). Any other text proves nothing.
pub const PROTOCOL: &[(&str, &str)] = &[
    ("签名错误", "SIGNERROR"),
    ("签名失败", "SIGNERROR"),
    ("SIGNERROR", "SIGNERROR"),
    ("参数格式校验错误", "PARAM_ERROR"),
    ("PARAM_ERROR", "PARAM_ERROR"),
    ("缺少参数", "LACK_PARAMS"),
    ("LACK_PARAMS", "LACK_PARAMS"),
    ("XML格式错误", "XML_FORMAT_ERROR"),
    ("XML_FORMAT_ERROR", "XML_FORMAT_ERROR"),
    ("REQUIRE_POST_METHOD", "REQUIRE_POST_METHOD"),
    ("NOT_UTF8", "NOT_UTF8"),
    ("appid不存在", "APPID_NOT_EXIST"),
    ("APPID_NOT_EXIST", "APPID_NOT_EXIST"),
    ("mch_id不存在", "MCHID_NOT_EXIST"),
    ("MCHID_NOT_EXIST", "MCHID_NOT_EXIST"),
    ("appid和mch_id不匹配", "APPID_MCHID_NOT_MATCH"),
    ("APPID_MCHID_NOT_MATCH", "APPID_MCHID_NOT_MATCH"),
];

/// APIv3 Native: create (§10.4, §10.6). "Paid" and "number used" are for a query to tell.
pub const V3_NATIVE: Table = &[
    ("SYSTEM_ERROR", Unknown),
    ("ORDERPAID", Unknown),
    ("ORDER_PAID", Unknown),
    ("OUT_TRADE_NO_USED", Unknown),
    ("INVALID_REQUEST", Unknown),
    ("FREQUENCY_LIMITED", Curable),
    ("RATELIMIT_EXCEEDED", Curable),
    ("ORDER_CLOSED", No),
    ("RULE_LIMIT", No),
    ("PARAM_ERROR", Config),
    ("SIGN_ERROR", Config),
    ("NO_AUTH", Config),
    ("APPID_MCHID_NOT_MATCH", Config),
    ("MCH_NOT_EXISTS", Config),
];

/// APIv3: query.
pub const V3_QUERY: Table = &[
    ("ORDER_NOT_EXIST", Done),
    ("ORDERNOTEXIST", Done),
    ("SYSTEM_ERROR", Unknown),
    ("PARAM_ERROR", Config),
    ("SIGN_ERROR", Config),
    ("NO_AUTH", Config),
    ("MCH_NOT_EXISTS", Config),
];

/// APIv3: close. A paid order is for a query to tell.
pub const V3_CLOSE: Table = &[
    ("ORDER_CLOSED", Done),
    ("ORDERCLOSED", Done),
    ("ORDERPAID", Unknown),
    ("ORDER_PAID", Unknown),
    ("ORDER_NOT_EXIST", Unknown),
    ("ORDERNOTEXIST", Unknown),
    ("SYSTEM_ERROR", Unknown),
    ("INVALID_REQUEST", Unknown),
    ("FREQUENCY_LIMITED", Curable),
    ("RATELIMIT_EXCEEDED", Curable),
    ("PARAM_ERROR", Config),
    ("SIGN_ERROR", Config),
    ("NO_AUTH", Config),
];

/// APIv3: refund (§10.7). Too fast and too little balance are cured with the same number.
pub const V3_REFUND: Table = &[
    ("SYSTEM_ERROR", Unknown),
    ("INVALID_REQUEST", Unknown),
    ("FREQUENCY_LIMITED", Curable),
    ("RATELIMIT_EXCEEDED", Curable),
    ("NOT_ENOUGH", Curable),
    ("USER_ACCOUNT_ABNORMAL", No),
    ("RESOURCE_NOT_EXISTS", Config),
    ("PARAM_ERROR", Config),
    ("SIGN_ERROR", Config),
    ("NO_AUTH", Config),
    ("MCH_NOT_EXISTS", Config),
];

/// APIv3: refund query.
pub const V3_REFUND_QUERY: Table = &[
    ("RESOURCE_NOT_EXISTS", Done),
    ("SYSTEM_ERROR", Unknown),
    ("PARAM_ERROR", Config),
    ("SIGN_ERROR", Config),
    ("NO_AUTH", Config),
    ("MCH_NOT_EXISTS", Config),
];

/// APIv3: internal error numbers of the `Request-ID` header (§10.4), for a code that is not listed.
pub const V3_NUMBERS: Table = &[
    ("268512771", Unknown),
    ("268449538", Unknown),
    ("268498689", Unknown),
    ("268449641", Unknown),
    ("268498688", Unknown),
    ("268447914", No),
    ("268447840", Curable),
    ("268443699", Config),
    ("268435461", Config),
    ("268435464", Config),
    ("268445527", Config),
    ("268443715", Config),
    ("268448010", Config),
    ("268447843", Config),
    ("268447845", Config),
    ("268443704", Config),
    ("268443705", Config),
    ("268443701", Config),
];
