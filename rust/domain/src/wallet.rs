//! Orders that go over the web: how they are paid, how they are taken back, and what the counter
//! was told of them.

use crate::text_enum;

/// How an order over the web is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WebMethod {
    /// WeChat: the customer's code is scanned (付款码).
    Micropay,
    /// WeChat: the customer scans ours.
    Native,
    /// Alipay: the customer's code is scanned (条码).
    Pay,
    /// Alipay: the customer scans ours.
    Precreate,
    /// UnionPay's all-channel gateway: the customer's code is scanned (被扫).
    AcpScan,
    /// UnionPay's all-channel gateway: the customer scans ours (主扫).
    AcpShow,
}

impl WebMethod {
    /// Whether the customer scans a code of ours.
    #[must_use]
    pub const fn is_shown(self) -> bool {
        matches!(self, Self::Native | Self::Precreate | Self::AcpShow)
    }
}

/// What the counter was told of an order that is not proven yet. It is resolved towards that.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ToldUnpaid {
    /// Nothing final: the customer is asked to confirm, or to scan.
    Waiting,
    /// The customer paid while nobody could be told: keep the sale, or give the money back?
    Ask,
    /// "Not paid, keep the goods": from now on a payment is given back.
    NotPaid,
    /// A supervisor said that the goods were handed over: a payment stands.
    HandedOver,
}

/// How money of an order over the web goes back; chosen once for each undo and never changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum UndoMethod {
    /// WeChat reverse (撤销).
    Reverse,
    /// A refund (退款) under a number of its own.
    Refund,
    /// UnionPay's void (消费撤销) under a number of its own.
    AcpVoid,
    /// UnionPay's return (退货) under a number of its own.
    AcpRefund,
}

text_enum!(WebMethod {
    Micropay => "micropay",
    Native => "native",
    Pay => "pay",
    Precreate => "precreate",
    AcpScan => "acp_scan",
    AcpShow => "acp_show",
});
text_enum!(ToldUnpaid {
    Waiting => "waiting",
    Ask => "ask",
    NotPaid => "not_paid",
    HandedOver => "handed_over",
});
text_enum!(UndoMethod {
    Reverse => "reverse",
    Refund => "refund",
    AcpVoid => "acp_void",
    AcpRefund => "acp_refund",
});
