//! The field table: everything the codec knows about a field, as data (spec 2.1 and 2.2).

/// How the content of a field is written on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coding {
    /// Decimal digits, two a byte; an odd count is filled with a leading zero (F23).
    DigitsRight,
    /// Decimal digits, two a byte; an odd count is filled with a trailing nibble (F22 and all
    /// variable fields).
    DigitsLeft,
    /// A magnetic track: nibbles, the separator `=` is nibble D, trailing filler.
    Track,
    /// One byte a character: ASCII, or GBK for Chinese text.
    Text,
    /// Bytes without a meaning to the codec.
    Binary,
}

impl Coding {
    /// True when the length of the field counts nibbles and not bytes.
    #[must_use]
    pub const fn counts_nibbles(self) -> bool {
        matches!(self, Self::DigitsRight | Self::DigitsLeft | Self::Track)
    }

    /// Bytes on the wire for `units` digits or bytes.
    #[must_use]
    pub const fn wire_size(self, units: usize) -> usize {
        if self.counts_nibbles() {
            units.div_ceil(2)
        } else {
            units
        }
    }
}

/// The length prefix of a field; lengths are BCD.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prefix {
    /// No prefix: the field always has its maximum length.
    Fixed,
    /// LL: one byte, 00 to 99.
    Ll,
    /// LLL: two bytes, 0000 to 0999.
    Lll,
}

impl Prefix {
    /// Bytes that the prefix takes.
    #[must_use]
    pub const fn size(self) -> usize {
        match self {
            Self::Fixed => 0,
            Self::Ll => 1,
            Self::Lll => 2,
        }
    }
}

/// What may be shown of a field outside `--clear`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Secrecy {
    /// May be shown whole.
    Open,
    /// A card number: the first six and last four digits may be shown.
    Account,
    /// Nothing but the length may be shown.
    Hidden,
}

/// One row of the field table.
#[derive(Clone, Copy, Debug)]
pub struct FieldSpec {
    /// Field number, 2 to 64.
    pub number: u8,
    /// Chinese name.
    pub name_zh: &'static str,
    /// English name.
    pub name_en: &'static str,
    /// Coding of the content.
    pub coding: Coding,
    /// Length prefix.
    pub prefix: Prefix,
    /// Greatest length in units of the coding: digits for digits and tracks, else bytes.
    pub max: usize,
    /// What may be shown.
    pub secrecy: Secrecy,
}

macro_rules! rows {
    ($($number:literal $zh:literal $en:literal $coding:ident $prefix:ident $max:literal
       $secrecy:ident;)*) => {
        [$(FieldSpec {
            number: $number,
            name_zh: $zh,
            name_en: $en,
            coding: Coding::$coding,
            prefix: Prefix::$prefix,
            max: $max,
            secrecy: Secrecy::$secrecy,
        }),*]
    };
}

/// All fields of the dialect in ascending order.
///
/// F60 takes 30 digits because terminals in the field send that many; F59 and F62 take what the
/// three-digit length can say. F57 has no published coding and is unknown here.
pub static FIELDS: [FieldSpec; 34] = rows! {
    2 "主账号" "primary account number" DigitsLeft Ll 19 Account;
    3 "交易处理码" "processing code" DigitsRight Fixed 6 Open;
    4 "交易金额" "amount" DigitsRight Fixed 12 Open;
    11 "受卡方系统跟踪号" "trace number" DigitsRight Fixed 6 Open;
    12 "受卡方所在地时间" "local time" DigitsRight Fixed 6 Open;
    13 "受卡方所在地日期" "local date" DigitsRight Fixed 4 Open;
    14 "卡有效期" "expiry date" DigitsRight Fixed 4 Hidden;
    15 "清算日期" "settlement date" DigitsRight Fixed 4 Open;
    22 "服务点输入方式码" "entry mode" DigitsLeft Fixed 3 Open;
    23 "卡序列号" "card sequence number" DigitsRight Fixed 3 Open;
    25 "服务点条件码" "condition code" DigitsRight Fixed 2 Open;
    26 "服务点PIN获取码" "PIN capture code" DigitsRight Fixed 2 Open;
    32 "受理机构标识码" "acquirer id" DigitsLeft Ll 11 Open;
    35 "2磁道数据" "track 2" Track Ll 37 Hidden;
    36 "3磁道数据" "track 3" Track Lll 104 Hidden;
    37 "检索参考号" "retrieval reference" Text Fixed 12 Open;
    38 "授权标识应答码" "authorization code" Text Fixed 6 Open;
    39 "应答码" "response code" Text Fixed 2 Open;
    41 "受卡机终端标识码" "terminal id" Text Fixed 8 Open;
    42 "受卡方标识码" "merchant id" Text Fixed 15 Open;
    44 "附加响应数据" "additional response data" Text Ll 25 Open;
    48 "附加数据-私有" "private additional data" DigitsLeft Lll 322 Hidden;
    49 "交易货币代码" "currency" Text Fixed 3 Open;
    52 "个人标识码数据" "PIN block" Binary Fixed 8 Hidden;
    53 "安全控制信息" "security control" DigitsRight Fixed 16 Open;
    54 "余额" "balance" Text Lll 20 Hidden;
    55 "IC卡数据域" "chip data" Binary Lll 255 Hidden;
    58 "电子钱包数据" "e-purse data" Text Lll 100 Hidden;
    59 "自定义域59" "private TLV" Text Lll 999 Hidden;
    60 "自定义域60" "type, batch, network code" DigitsLeft Lll 30 Open;
    61 "原始信息域" "original message" DigitsLeft Lll 29 Open;
    62 "自定义域62" "keys and parameters" Binary Lll 999 Hidden;
    63 "自定义域63" "operator, card organisation" Text Lll 163 Open;
    64 "报文鉴别码" "MAC" Binary Fixed 8 Open;
};

static BY_NUMBER: [Option<FieldSpec>; 65] = index();

/// Bit n-1 from the left is set when field n is in the table, as in a bitmap.
pub(crate) const KNOWN: u64 = known();

#[expect(clippy::indexing_slicing, reason = "runs in the compiler only")]
const fn index() -> [Option<FieldSpec>; 65] {
    let mut table = [None; 65];
    let mut rows: &[FieldSpec] = &FIELDS;
    while let [row, rest @ ..] = rows {
        table[row.number as usize] = Some(*row);
        rows = rest;
    }
    table
}

const fn known() -> u64 {
    let mut bits = 0;
    let mut rows: &[FieldSpec] = &FIELDS;
    while let [row, rest @ ..] = rows {
        bits |= bit(row.number);
        rows = rest;
    }
    bits
}

/// The bitmap bit of a field; no bit for numbers that no bitmap of 64 has.
pub(crate) const fn bit(field: u8) -> u64 {
    if field == 0 || field > 64 {
        0
    } else {
        1 << (64 - field)
    }
}

/// The row of a field, or `None` for a field that the dialect does not use.
#[must_use]
pub fn field(number: u8) -> Option<&'static FieldSpec> {
    at(usize::from(number))
}

/// As [`field`], by the position of the bit.
pub(crate) fn at(index: usize) -> Option<&'static FieldSpec> {
    BY_NUMBER.get(index)?.as_ref()
}
