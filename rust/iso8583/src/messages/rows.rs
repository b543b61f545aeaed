//! The table of transactions (spec 3.1 to 3.4).
//!
//! Where the published field lists are silent (completion advice, offline notices, batch notices)
//! the lists here are those of the nearest relative, widened.

use super::{Code, Kind, Presence, Reversible, Transaction};
use crate::header::Mti;
use Code::{Absent, Any, Is, OneOf, Original};
use Reversible::{No, Setting, Yes};

const fn fields(
    mandatory: &'static [u8],
    conditional: &'static [u8],
    optional: &'static [u8],
) -> Presence {
    Presence {
        mandatory,
        conditional,
        optional,
    }
}

const SALE: Presence = fields(
    &[3, 4, 11, 22, 25, 41, 42, 49, 60],
    &[2, 14, 23, 26, 35, 36, 52, 53, 55, 59],
    &[32, 48, 62, 63],
);
const VOID: Presence = fields(
    &[3, 4, 11, 22, 25, 37, 41, 42, 49, 60, 61],
    &[2, 14, 23, 26, 35, 36, 38, 52, 53, 59],
    &[32, 55, 63],
);
const REFUND: Presence = fields(
    &[3, 4, 11, 22, 25, 37, 41, 42, 49, 60, 61, 63],
    &[2, 14, 23, 26, 35, 36, 53, 59],
    &[32, 52, 55],
);
const INQUIRY: Presence = fields(
    &[3, 11, 22, 25, 41, 42, 49, 60],
    &[2, 14, 23, 26, 35, 36, 52, 53, 55],
    &[32, 59, 62],
);
const PRE_AUTH: Presence = fields(
    &[3, 4, 11, 22, 25, 41, 42, 49, 60],
    &[2, 14, 23, 26, 35, 36, 52, 53, 55],
    &[32, 59, 62],
);
const INCREMENTAL: Presence = fields(
    &[3, 4, 11, 22, 25, 41, 42, 49, 60],
    &[2, 14, 23, 26, 35, 36, 38, 52, 53, 55, 61],
    &[32, 37, 59, 62],
);
const FOLLOW_UP: Presence = fields(
    &[3, 4, 11, 22, 25, 38, 41, 42, 49, 60, 61],
    &[2, 14, 23, 26, 35, 36, 52, 53],
    &[32, 37, 55, 59, 63],
);
const COMPLETION_VOID: Presence = fields(
    &[3, 4, 11, 22, 25, 37, 38, 41, 42, 49, 60, 61],
    &[2, 14, 23, 26, 35, 36, 52, 53],
    &[32, 55, 59],
);
const REVERSAL: Presence = fields(
    &[3, 4, 11, 22, 25, 39, 41, 42, 49, 60],
    &[2, 14, 23, 38, 55, 59, 61],
    &[32, 53],
);
const OFFLINE: Presence = fields(
    &[3, 4, 11, 22, 25, 41, 42, 49, 60],
    &[2, 14, 23, 35, 36, 38, 53, 55, 59, 61, 63],
    &[32, 37, 48, 62],
);
const OFFLINE_REFUND: Presence = fields(
    &[3, 4, 11, 22, 25, 41, 42, 49, 60, 61, 62, 63],
    &[2, 14, 23, 55, 59],
    &[32, 37],
);
const SCRIPT: Presence = fields(
    &[3, 4, 11, 22, 41, 42, 49, 55, 60, 61],
    &[2, 23, 32, 37, 38],
    &[],
);
const E_SIGNATURE: Presence = fields(&[4, 11, 41, 42, 55, 60], &[2, 3, 15, 23, 25, 37, 62], &[63]);
const QR_SALE: Presence = fields(
    &[3, 4, 11, 22, 25, 41, 42, 49, 59, 60],
    &[],
    &[26, 32, 52, 53, 62, 63],
);
const QR_VOID: Presence = fields(
    &[3, 4, 11, 22, 25, 37, 41, 42, 49, 59, 60, 61],
    &[38],
    &[32, 53, 63],
);
const QR_REFUND: Presence = fields(
    &[3, 4, 11, 22, 25, 37, 41, 42, 49, 59, 60, 61, 63],
    &[],
    &[32, 53],
);
const SIGN_IN: Presence = fields(&[11, 41, 42, 60, 63], &[62], &[]);
const SIGN_OUT: Presence = fields(&[11, 41, 42, 60], &[], &[63]);
const BARE: Presence = fields(&[41, 42, 60], &[], &[]);
const DOWNLOAD: Presence = fields(&[41, 42, 60], &[62], &[]);
const STATUS: Presence = fields(&[41, 42, 60, 62], &[], &[]);
const SETTLEMENT: Presence = fields(&[11, 41, 42, 48, 49, 60, 63], &[], &[]);
const BATCH: Presence = fields(&[11, 41, 42, 48, 60], &[], &[]);
const BATCH_NOTICE: Presence = fields(
    &[3, 4, 11, 22, 25, 41, 42, 49, 60],
    &[2, 14, 23, 35, 36, 37, 38, 53, 55, 59, 61, 63],
    &[32, 48, 62],
);
const BATCH_CHIP: Presence = fields(&[4, 11, 22, 41, 42, 55, 60, 62], &[2, 23], &[]);

const APPROVAL: Presence = fields(
    &[11, 39, 41, 42],
    &[
        2, 3, 4, 12, 13, 14, 15, 23, 25, 32, 37, 38, 44, 49, 53, 54, 55, 59, 60, 63,
    ],
    &[22, 48, 61, 62],
);
const REVERSAL_ANSWER: Presence = fields(
    &[11, 39, 41, 42],
    &[2, 3, 4, 12, 13, 14, 15, 23, 25, 32, 37, 44, 49, 53, 55, 60],
    &[22, 38, 59, 61, 63],
);
const NUMBERED_ANSWER: Presence = fields(
    &[11, 39, 41, 42],
    &[12, 13, 32, 37, 48, 60, 62],
    &[3, 4, 15, 44, 49, 63],
);
const PLAIN_ANSWER: Presence = fields(&[39, 41, 42], &[12, 13, 37, 60, 62], &[11, 32, 44, 63]);
const SETTLEMENT_ANSWER: Presence =
    fields(&[11, 41, 42, 48], &[12, 13, 15, 32, 37, 49, 60], &[39, 63]);

macro_rules! rows {
    ($($kind:ident $zh:literal $en:literal $mti:ident
       f3 $f3:expr, f25 $f25:expr, f60 $f601:expr, $f603:expr;
       mac $mac:literal, $reversible:ident, $request:ident => $response:ident;)*) => {
        /// All transactions. QR rows come first: they differ from card rows by F22 alone.
        pub static TRANSACTIONS: [Transaction; 38] = [$(Transaction {
            kind: Kind::$kind,
            name_zh: $zh,
            name_en: $en,
            mti: Mti::$mti,
            processing_code: $f3,
            condition_code: $f25,
            transaction_type: $f601,
            network_code: $f603,
            mac: $mac,
            reversible: $reversible,
            request: $request,
            response: $response,
        }),*];
    };
}

const FINANCIAL: Code = Is("000");
const MANAGEMENT: Code = Is("00");

rows! {
    QrSale "二维码消费" "QR sale" FINANCIAL
        f3 Is("000000"), f25 Is("00"), f60 Is("22"), FINANCIAL; mac true, Yes, QR_SALE => APPROVAL;
    QrVoid "二维码消费撤销" "QR void" FINANCIAL
        f3 Is("200000"), f25 Is("00"), f60 Is("23"), FINANCIAL;
        mac true, Setting, QR_VOID => APPROVAL;
    QrRefund "二维码退货" "QR refund" NOTICE
        f3 Is("200000"), f25 Is("00"), f60 Is("25"), FINANCIAL; mac true, No, QR_REFUND => APPROVAL;
    Inquiry "余额查询" "balance inquiry" FINANCIAL
        f3 Is("310000"), f25 Is("00"), f60 Is("01"), FINANCIAL; mac true, No, INQUIRY => APPROVAL;
    Sale "消费" "sale" FINANCIAL
        f3 Is("000000"), f25 SALE_CONDITIONS, f60 Is("22"), FINANCIAL;
        mac true, Yes, SALE => APPROVAL;
    Void "消费撤销" "void" FINANCIAL
        f3 Is("200000"), f25 SALE_CONDITIONS, f60 Is("23"), FINANCIAL;
        mac true, Yes, VOID => APPROVAL;
    Refund "退货" "refund" NOTICE
        f3 Is("200000"), f25 SALE_CONDITIONS, f60 Is("25"), FINANCIAL;
        mac true, No, REFUND => APPROVAL;
    PreAuth "预授权" "pre-authorization" AUTHORIZATION
        f3 Is("030000"), f25 PRE_AUTH_CONDITIONS, f60 Is("10"), FINANCIAL;
        mac true, Yes, PRE_AUTH => APPROVAL;
    IncrementalPreAuth "追加预授权" "incremental pre-authorization" AUTHORIZATION
        f3 Is("030000"), f25 Is("60"), f60 Is("10"), FINANCIAL;
        mac true, Yes, INCREMENTAL => APPROVAL;
    PreAuthVoid "预授权撤销" "pre-authorization void" AUTHORIZATION
        f3 Is("200000"), f25 PRE_AUTH_CONDITIONS, f60 Is("11"), FINANCIAL;
        mac true, Yes, FOLLOW_UP => APPROVAL;
    Completion "预授权完成请求" "completion request" FINANCIAL
        f3 Is("000000"), f25 PRE_AUTH_CONDITIONS, f60 Is("20"), FINANCIAL;
        mac true, Yes, FOLLOW_UP => APPROVAL;
    CompletionAdvice "预授权完成通知" "completion advice" NOTICE
        f3 Is("000000"), f25 PRE_AUTH_CONDITIONS, f60 Is("24"), FINANCIAL;
        mac true, No, FOLLOW_UP => APPROVAL;
    CompletionVoid "预授权完成撤销" "completion void" FINANCIAL
        f3 Is("200000"), f25 PRE_AUTH_CONDITIONS, f60 Is("21"), FINANCIAL;
        mac true, Yes, COMPLETION_VOID => APPROVAL;
    Reversal "冲正" "reversal" REVERSAL
        f3 Original, f25 Original, f60 Original, FINANCIAL;
        mac true, No, REVERSAL => REVERSAL_ANSWER;
    OfflineSettlement "离线结算" "offline settlement" NOTICE
        f3 Is("000000"), f25 Is("00"), f60 Is("30"), FINANCIAL; mac true, No, OFFLINE => APPROVAL;
    OfflineAdjust "结算调整" "offline adjustment" NOTICE
        f3 Is("000000"), f25 Is("00"), f60 Is("32"), FINANCIAL; mac true, No, OFFLINE => APPROVAL;
    TipAdjust "追加小费" "tip adjustment" NOTICE
        f3 Is("000000"), f25 Is("00"), f60 Is("34"), FINANCIAL; mac true, No, OFFLINE => APPROVAL;
    OfflineSale "脱机消费上送" "offline chip sale" FINANCIAL
        f3 Is("000000"), f25 Is("00"), f60 Is("36"), FINANCIAL; mac true, No, OFFLINE => APPROVAL;
    OfflineRefund "脱机退货" "offline refund" NOTICE
        f3 Is("200000"), f25 Is("00"), f60 Is("27"), FINANCIAL;
        mac true, No, OFFLINE_REFUND => APPROVAL;
    ScriptNotice "脚本处理结果通知" "script result notice" SCRIPT_NOTICE
        f3 Original, f25 Absent, f60 MANAGEMENT, Is("951");
        mac true, No, SCRIPT => REVERSAL_ANSWER;
    ESignature "电子签字上送" "e-signature upload" NETWORK
        f3 Original, f25 Original, f60 Is("07"), Any;
        mac true, No, E_SIGNATURE => NUMBERED_ANSWER;
    SignIn "签到" "sign-in" SIGN_IN
        f3 Absent, f25 Absent, f60 MANAGEMENT, OneOf(&["001", "003", "004", "005", "006"]);
        mac false, No, SIGN_IN => NUMBERED_ANSWER;
    SignOut "签退" "sign-out" NETWORK
        f3 Absent, f25 Absent, f60 MANAGEMENT, Is("002");
        mac false, No, SIGN_OUT => NUMBERED_ANSWER;
    Echo "回响测试" "echo test" NETWORK
        f3 Absent, f25 Absent, f60 MANAGEMENT, Is("301"); mac false, No, BARE => PLAIN_ANSWER;
    ParameterDownload "参数下载" "parameter download" SIGN_IN
        f3 Absent, f25 Absent, f60 MANAGEMENT, DOWNLOADS; mac false, No, DOWNLOAD => PLAIN_ANSWER;
    ParameterEnd "参数下载结束" "parameter download end" SIGN_IN
        f3 Absent, f25 Absent, f60 MANAGEMENT, DOWNLOAD_ENDS;
        mac false, No, DOWNLOAD => PLAIN_ANSWER;
    StatusUpload "状态上送" "status upload" NETWORK
        f3 Absent, f25 Absent, f60 MANAGEMENT, Is("362"); mac false, No, STATUS => PLAIN_ANSWER;
    CaKeyQuery "公钥查询" "CA key query" NETWORK
        f3 Absent, f25 Absent, f60 MANAGEMENT, OneOf(&["372", "373"]);
        mac false, No, DOWNLOAD => PLAIN_ANSWER;
    CaKeyDownload "公钥下载" "CA key download" SIGN_IN
        f3 Absent, f25 Absent, f60 MANAGEMENT, Is("370"); mac false, No, DOWNLOAD => PLAIN_ANSWER;
    CaKeyEnd "公钥下载结束" "CA key download end" SIGN_IN
        f3 Absent, f25 Absent, f60 MANAGEMENT, Is("371"); mac false, No, DOWNLOAD => PLAIN_ANSWER;
    ChipParameterQuery "IC卡参数查询" "chip parameter query" NETWORK
        f3 Absent, f25 Absent, f60 MANAGEMENT, Is("382"); mac false, No, DOWNLOAD => PLAIN_ANSWER;
    ChipParameterDownload "IC卡参数下载" "chip parameter download" SIGN_IN
        f3 Absent, f25 Absent, f60 MANAGEMENT, Is("380"); mac false, No, DOWNLOAD => PLAIN_ANSWER;
    ChipParameterEnd "IC卡参数下载结束" "chip parameter download end" SIGN_IN
        f3 Absent, f25 Absent, f60 MANAGEMENT, Is("381"); mac false, No, DOWNLOAD => PLAIN_ANSWER;
    Settlement "批结算" "settlement" SETTLEMENT
        f3 Absent, f25 Absent, f60 MANAGEMENT, Is("201");
        mac false, No, SETTLEMENT => SETTLEMENT_ANSWER;
    BatchDetail "批上送" "batch details" BATCH_UPLOAD
        f3 Absent, f25 Absent, f60 MANAGEMENT, Is("201"); mac false, No, BATCH => NUMBERED_ANSWER;
    BatchEnd "批上送结束" "batch upload end" BATCH_UPLOAD
        f3 Absent, f25 Absent, f60 MANAGEMENT, OneOf(&["202", "207"]);
        mac false, No, BATCH => NUMBERED_ANSWER;
    BatchChip "IC卡批上送" "chip batch upload" BATCH_UPLOAD
        f3 Absent, f25 Absent, f60 MANAGEMENT, OneOf(&["203", "204", "205", "206"]);
        mac false, No, BATCH_CHIP => NUMBERED_ANSWER;
    BatchNotice "通知类批上送" "batch notice" BATCH_UPLOAD
        f3 Original, f25 Original, f60 Original, Any;
        mac false, No, BATCH_NOTICE => NUMBERED_ANSWER;
}

/// Normal, mail or phone order, instalment, points (spec 2.5).
const SALE_CONDITIONS: Code = OneOf(&["00", "08", "64", "65"]);
/// Pre-authorization family, and the same by mail or phone.
const PRE_AUTH_CONDITIONS: Code = OneOf(&["06", "18"]);
/// Terminal, management, blacklist, contactless and BIN tables, transit blacklist.
const DOWNLOADS: Code = OneOf(&["360", "364", "390", "394", "396", "398", "570"]);
/// The ends of those.
const DOWNLOAD_ENDS: Code = OneOf(&["361", "365", "391", "395", "397", "399"]);

pub(super) fn row(kind: Kind) -> &'static Transaction {
    let [first, ..] = &TRANSACTIONS;
    TRANSACTIONS
        .iter()
        .find(|row| row.kind == kind)
        .unwrap_or(first)
}
