//! What a host can be asked to do: the names that faults are tied to.

use pos_domain::text_enum;

/// A kind of request, as a fault names it in `on`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// 签到: working keys and batch number.
    SignIn,
    /// 签退.
    SignOut,
    /// 回响测试.
    Echo,
    /// 消费, by card or by a UnionPay payment code.
    Sale,
    /// 消费撤销.
    Void,
    /// 退货.
    Refund,
    /// 余额查询.
    Inquiry,
    /// 预授权 and 追加预授权.
    Preauth,
    /// 预授权撤销.
    PreauthVoid,
    /// 预授权完成请求.
    Completion,
    /// 预授权完成通知.
    CompletionAdvice,
    /// 预授权完成撤销.
    CompletionVoid,
    /// A sale taken offline and sent later.
    Offline,
    /// 冲正 of a sale.
    ReversalSale,
    /// 冲正 of a void.
    ReversalVoid,
    /// 冲正 of a pre-auth.
    ReversalPreauth,
    /// 冲正 of a pre-auth's void.
    ReversalPreauthVoid,
    /// 冲正 of a completion.
    ReversalCompletion,
    /// 冲正 of a completion's void.
    ReversalCompletionVoid,
    /// 冲正 of something that cannot be reversed.
    ReversalOther,
    /// 批结算.
    Settle,
    /// 批上送: one record or group of records.
    Upload,
    /// The message that ends a batch upload.
    UploadEnd,
    /// 脚本处理结果通知.
    ScriptNotice,
    /// 电子签字 upload.
    Esign,
    /// Terminal status upload.
    Status,
    /// Terminal parameter download.
    Parameters,
    /// CA public keys: query, download, end.
    CaKeys,
    /// Chip application parameters: query, download, end.
    AidParameters,
    /// A code that the shop shows: WeChat Native, Alipay's precreate, UnionPay's merchant QR.
    Show,
    /// 查询 of a wallet order.
    Query,
    /// 撤销订单 of WeChat, 冲正 of an online UnionPay QR.
    Reverse,
    /// 撤销 of Alipay.
    Cancel,
    /// 退款查询.
    RefundQuery,
    /// 关闭订单.
    Close,
    /// The platform's certificates.
    Certificates,
    /// A request that this host does not offer.
    Other,
}

text_enum!(Kind {
    SignIn => "sign_in",
    SignOut => "sign_out",
    Echo => "echo",
    Sale => "sale",
    Void => "void",
    Refund => "refund",
    Inquiry => "inquiry",
    Preauth => "preauth",
    PreauthVoid => "preauth_void",
    Completion => "completion",
    CompletionAdvice => "completion_advice",
    CompletionVoid => "completion_void",
    Offline => "offline",
    ReversalSale => "reversal_sale",
    ReversalVoid => "reversal_void",
    ReversalPreauth => "reversal_preauth",
    ReversalPreauthVoid => "reversal_preauth_void",
    ReversalCompletion => "reversal_completion",
    ReversalCompletionVoid => "reversal_completion_void",
    ReversalOther => "reversal_other",
    Settle => "settle",
    Upload => "upload",
    UploadEnd => "upload_end",
    ScriptNotice => "script_notice",
    Esign => "esign",
    Status => "status",
    Parameters => "parameters",
    CaKeys => "ca_keys",
    AidParameters => "aid_parameters",
    Show => "show",
    Query => "query",
    Reverse => "reverse",
    Cancel => "cancel",
    RefundQuery => "refund_query",
    Close => "close",
    Certificates => "certificates",
    Other => "other",
});

impl Kind {
    /// True for 0400 messages.
    #[must_use]
    pub const fn is_reversal(self) -> bool {
        self.reverses().is_some() || matches!(self, Self::ReversalOther)
    }

    /// What a reversal of this kind takes back.
    #[must_use]
    pub const fn reverses(self) -> Option<Self> {
        Some(match self {
            Self::ReversalSale => Self::Sale,
            Self::ReversalVoid => Self::Void,
            Self::ReversalPreauth => Self::Preauth,
            Self::ReversalPreauthVoid => Self::PreauthVoid,
            Self::ReversalCompletion => Self::Completion,
            Self::ReversalCompletionVoid => Self::CompletionVoid,
            _ => return None,
        })
    }

    /// True when a terminal without an answer owes a reversal (spec 5.2).
    #[must_use]
    pub const fn is_reversible(self) -> bool {
        matches!(
            self,
            Self::Sale
                | Self::Void
                | Self::Preauth
                | Self::PreauthVoid
                | Self::Completion
                | Self::CompletionVoid
        )
    }

    /// True for requests about money, which carry a MAC and consume a trace number.
    #[must_use]
    pub const fn is_financial(self) -> bool {
        self.is_reversible()
            || self.is_reversal()
            || matches!(
                self,
                Self::Refund | Self::Inquiry | Self::CompletionAdvice | Self::Offline
            )
    }

    /// True for notices that a terminal repeats with the same trace until they are answered.
    #[must_use]
    pub const fn is_notice(self) -> bool {
        matches!(self, Self::CompletionAdvice | Self::Offline)
    }
}
