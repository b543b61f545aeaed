//! A receipt as lines; a printer or a screen only draws them.

use serde::Serialize;

/// Where a line stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// At the left edge.
    Left,
    /// In the middle.
    Centre,
    /// A label at the left and a value at the right, separated by a tab in the text.
    Spread,
}

/// How large a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    /// Small print.
    Small,
    /// Body.
    Normal,
    /// Amounts and states.
    Large,
}

/// What a line is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineKind {
    /// Plain text.
    Text,
    /// A ruled line; its text is empty.
    Rule,
    /// Text to draw as a bar code.
    Barcode,
    /// Text to draw as a QR code.
    Qr,
    /// Cut or tear here.
    Cut,
}

crate::text_enum!(Align { Left => "left", Centre => "centre", Spread => "spread" });
crate::text_enum!(Size { Small => "small", Normal => "normal", Large => "large" });
crate::text_enum!(LineKind {
    Text => "text",
    Rule => "rule",
    Barcode => "barcode",
    Qr => "qr",
    Cut => "cut",
});

/// One line of a receipt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Line {
    /// The text; with [`Align::Spread`] a tab divides label and value.
    pub text: String,
    /// Where it stands.
    pub align: Align,
    /// How large it is.
    pub size: Size,
    /// What it is for.
    pub kind: LineKind,
}
