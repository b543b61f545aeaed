//! Why a scanned text is no payment code, said so that the counter can go on.

/// Why a scanned text cannot be charged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Refusal {
    /// Nothing was scanned.
    Empty,
    /// The EMVCo code of a shop: the customer scans it, not we.
    ShopCode,
    /// A link of Alipay: a shop's or a person's receiving code.
    AlipayLink,
    /// A link of WeChat: a shop's or a person's receiving code.
    WechatLink,
    /// A link of UnionPay: a shop's or a person's receiving code.
    UnionpayLink,
    /// Some other link.
    OtherLink,
    /// The bar code of goods (EAN, UPC) with a correct check digit.
    Goods,
    /// Begins like a payment code but does not have its length: cut or doubled in scanning.
    WrongLength,
    /// Long enough for a payment code, but no scheme's beginning.
    UnknownPrefix,
    /// A consumer-presented code with characters that do not belong to it.
    Damaged,
    /// A digital-yuan wallet, which needs the acquirer's own interface.
    DigitalYuan,
    /// Longer than any payment code.
    TooLong,
    /// Nothing that is known.
    Unknown,
}

text_form!(Refusal {
    Empty => "empty",
    ShopCode => "shop_code",
    AlipayLink => "alipay_link",
    WechatLink => "wechat_link",
    UnionpayLink => "unionpay_link",
    OtherLink => "other_link",
    Goods => "goods",
    WrongLength => "wrong_length",
    UnknownPrefix => "unknown_prefix",
    Damaged => "damaged",
    DigitalYuan => "digital_yuan",
    TooLong => "too_long",
    Unknown => "unknown",
});

impl Refusal {
    /// What the person at the counter does now, in Chinese.
    #[must_use]
    pub const fn advice_zh(self) -> &'static str {
        match self {
            Self::Empty => "没有读到内容，请重新扫描顾客的付款码",
            Self::ShopCode => "这是商户收款码，应由顾客扫描；请顾客打开付款码再扫",
            Self::AlipayLink => "这是支付宝收款码或链接；请顾客打开支付宝“付款码”",
            Self::WechatLink => "这是微信收款码或链接；请顾客打开微信“付款码”",
            Self::UnionpayLink => "这是云闪付收款码或链接；请顾客打开云闪付“付款码”",
            Self::OtherLink => "这是网页链接，不是付款码；请顾客打开付款码",
            Self::Goods => "这是商品条码，不是付款码；请扫描顾客的付款码",
            Self::WrongLength => "付款码没有读全；请顾客刷新付款码后重新扫描",
            Self::UnknownPrefix => "不认识这种付款码；请顾客刷新后重扫，或换一种付款方式",
            Self::Damaged => "付款码读错；请顾客刷新付款码后重新扫描",
            Self::DigitalYuan => "这是数字人民币付款码，本机未开通；请换一种付款方式",
            Self::TooLong => "内容过长，不是付款码；请扫描顾客的付款码",
            Self::Unknown => "这不是付款码；请扫描顾客的付款码，或换一种付款方式",
        }
    }

    /// What the person at the counter does now, in English.
    #[must_use]
    pub const fn advice_en(self) -> &'static str {
        match self {
            Self::Empty => "Nothing was read; scan the customer's payment code again",
            Self::ShopCode => "This is a shop's code for customers to scan; ask for a payment code",
            Self::AlipayLink => "This is an Alipay receiving code or link; ask for a payment code",
            Self::WechatLink => "This is a WeChat receiving code or link; ask for a payment code",
            Self::UnionpayLink => {
                "This is a UnionPay receiving code or link; ask for a payment code"
            }
            Self::OtherLink => "This is a web link; ask for a payment code",
            Self::Goods => "This is the bar code of goods; scan the customer's payment code",
            Self::WrongLength => "The code was not read whole; have it refreshed and scan again",
            Self::UnknownPrefix => {
                "No scheme's code begins like this; have it refreshed, or pay in another way"
            }
            Self::Damaged => "The code was misread; have it refreshed and scan again",
            Self::DigitalYuan => {
                "This is a digital-yuan code, which is not enabled here; pay in another way"
            }
            Self::TooLong => "This is too long for a payment code; scan the customer's code",
            Self::Unknown => "This is no payment code; scan the customer's code or pay otherwise",
        }
    }
}
