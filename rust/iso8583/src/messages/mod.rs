//! The transactions of the dialect as data (spec 3), and a check of a message against them.

mod check;
mod rows;

pub use check::{Problem, check, check_response, identify};
pub use rows::TRANSACTIONS;

use crate::header::Mti;

/// Every transaction of the dialect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// 二维码消费: the terminal reads the customer's code.
    QrSale,
    /// 二维码消费撤销.
    QrVoid,
    /// 二维码退货.
    QrRefund,
    /// 余额查询.
    Inquiry,
    /// 消费.
    Sale,
    /// 消费撤销.
    Void,
    /// 退货.
    Refund,
    /// 预授权.
    PreAuth,
    /// 追加预授权.
    IncrementalPreAuth,
    /// 预授权撤销.
    PreAuthVoid,
    /// 预授权完成请求.
    Completion,
    /// 预授权完成通知.
    CompletionAdvice,
    /// 预授权完成撤销.
    CompletionVoid,
    /// 冲正 of any reversible transaction.
    Reversal,
    /// 离线结算.
    OfflineSettlement,
    /// 结算调整.
    OfflineAdjust,
    /// 追加小费.
    TipAdjust,
    /// 脱机消费上送: an offline chip sale.
    OfflineSale,
    /// 脱机退货.
    OfflineRefund,
    /// 脚本处理结果通知.
    ScriptNotice,
    /// 电子签字 upload.
    ESignature,
    /// 签到.
    SignIn,
    /// 签退.
    SignOut,
    /// 回响测试.
    Echo,
    /// 参数下载.
    ParameterDownload,
    /// End of 参数下载.
    ParameterEnd,
    /// 状态上送.
    StatusUpload,
    /// 公钥查询.
    CaKeyQuery,
    /// 公钥下载.
    CaKeyDownload,
    /// End of 公钥下载.
    CaKeyEnd,
    /// IC卡参数查询.
    ChipParameterQuery,
    /// IC卡参数下载.
    ChipParameterDownload,
    /// End of IC卡参数下载.
    ChipParameterEnd,
    /// 批结算.
    Settlement,
    /// 批上送: details of magnetic online transactions.
    BatchDetail,
    /// 批上送: a copy of an 0220 notice.
    BatchNotice,
    /// 批上送: a chip transaction.
    BatchChip,
    /// 批上送结束.
    BatchEnd,
}

/// What a fixed code of a transaction must be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// The field is not sent.
    Absent,
    /// Exactly this value.
    Is(&'static str),
    /// One of these values.
    OneOf(&'static [&'static str]),
    /// As in the message that this one is about.
    Original,
    /// Sources disagree, any value is taken.
    Any,
}

/// Whether a lost answer is answered with a reversal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reversible {
    /// Always.
    Yes,
    /// Never.
    No,
    /// Depends on the acquirer.
    Setting,
}

/// Which fields a message has. F64 is in none of the lists: see [`Transaction::mac`].
#[derive(Clone, Copy, Debug)]
pub struct Presence {
    /// Must be there.
    pub mandatory: &'static [u8],
    /// There when the matter calls for it, such as F23 for a chip.
    pub conditional: &'static [u8],
    /// May be there.
    pub optional: &'static [u8],
}

impl Presence {
    /// True when the field may stand in the message.
    #[must_use]
    pub fn allows(&self, field: u8) -> bool {
        [self.mandatory, self.conditional, self.optional]
            .iter()
            .any(|list| list.contains(&field))
    }
}

/// One transaction.
#[derive(Clone, Copy, Debug)]
pub struct Transaction {
    /// Which one.
    pub kind: Kind,
    /// Chinese name.
    pub name_zh: &'static str,
    /// English name.
    pub name_en: &'static str,
    /// Type of the request; the answer's is [`Mti::response`] of it.
    pub mti: Mti,
    /// F3.
    pub processing_code: Code,
    /// F25.
    pub condition_code: Code,
    /// 60.1.
    pub transaction_type: Code,
    /// 60.3.
    pub network_code: Code,
    /// True when request and approved answer carry F64.
    pub mac: bool,
    /// Whether it can be reversed.
    pub reversible: Reversible,
    /// Fields of the request.
    pub request: Presence,
    /// Fields of the answer. Most may be missing when F39 is not an approval.
    pub response: Presence,
}

/// The row of a transaction.
#[must_use]
pub fn transaction(kind: Kind) -> &'static Transaction {
    rows::row(kind)
}
