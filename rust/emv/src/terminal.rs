//! What the terminal tells a card: settings of the acquirer, and the payment at hand.

/// A payment application that this terminal takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Application {
    /// The start of the application's id; longer ids of the same product fit too.
    pub id: Vec<u8>,
    /// Application version, tag 9F09.
    pub version: [u8; 2],
}

impl Application {
    /// UnionPay's debit, credit, quasi-credit and electronic cash (spec 5).
    #[must_use]
    pub fn unionpay() -> Vec<Self> {
        [0x01, 0x02, 0x03, 0x06]
            .into_iter()
            .map(|product| Self {
                id: vec![0xA0, 0x00, 0x00, 0x03, 0x33, 0x01, 0x01, product],
                version: [0x00, 0x20],
            })
            .collect()
    }
}

/// Tag 9F34 for each way to check the holder. Sources give samples only, so these are settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HolderWords {
    /// Nothing was checked, and nothing had to be.
    pub none: [u8; 3],
    /// A PIN that the host checks.
    pub online_pin: [u8; 3],
    /// A signature on paper or screen.
    pub signature: [u8; 3],
    /// The phone or watch checked its owner.
    pub device: [u8; 3],
}

impl Default for HolderWords {
    fn default() -> Self {
        Self {
            none: [0x1F, 0x00, 0x02],
            online_pin: [0x02, 0x00, 0x00],
            signature: [0x1E, 0x00, 0x00],
            device: [0x1F, 0x00, 0x02],
        }
    }
}

/// Settings that the acquirer certifies (spec 6.1, 6.3, 8: all uncertain, hence data).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TerminalData {
    /// Tag 9F66; bits for online cryptogram and holder check are added for each payment.
    pub qualifiers: [u8; 4],
    /// Tag 9F33.
    pub capabilities: [u8; 3],
    /// Tag 9F35.
    pub kind: u8,
    /// Tag 9F1E, eight ASCII characters.
    pub serial: [u8; 8],
    /// Tag 9F1A, BCD.
    pub country: [u8; 2],
    /// Tag 95 as told to the card.
    pub verification_results: [u8; 5],
    /// From this amount on, in minor units, the holder is checked.
    pub holder_check_from: u64,
    /// Whether a check done by the phone spares the PIN.
    pub device_check_suffices: bool,
    /// Tag 9F34 for each way.
    pub holder_words: HolderWords,
    /// What is taken, best first where the card has no preference.
    pub applications: Vec<Application>,
}

impl Default for TerminalData {
    /// Values seen in public code; an acquirer names its own.
    fn default() -> Self {
        Self {
            qualifiers: [0x26, 0x00, 0x00, 0x80],
            capabilities: [0xE0, 0xE9, 0xC8],
            kind: 0x22,
            serial: *b"00000000",
            country: [0x01, 0x56],
            verification_results: [0; 5],
            holder_check_from: 100_000,
            device_check_suffices: false,
            holder_words: HolderWords::default(),
            applications: Application::unionpay(),
        }
    }
}

/// What tag 9C says (spec 8).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PaymentKind {
    /// A sale or a pre-authorisation.
    Sale,
    /// Money back.
    Return,
    /// A look at the balance.
    Balance,
}

impl PaymentKind {
    const fn tag_9c(self) -> u8 {
        match self {
            Self::Sale => 0x00,
            Self::Return => 0x20,
            Self::Balance => 0x31,
        }
    }
}

/// The payment for which a card is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Payment {
    /// What for.
    pub kind: PaymentKind,
    /// Minor units, at most twelve digits.
    pub amount: u64,
    /// Tag 5F2A, BCD.
    pub currency: [u8; 2],
    /// Tag 9A, BCD YYMMDD: the business date.
    pub date: [u8; 3],
    /// Tag 9F37: four random bytes, new for each reading.
    pub unpredictable: [u8; 4],
    /// Tag 9F41: the terminal's transaction counter, BCD.
    pub counter: [u8; 4],
}

/// One value as the card is told it, and as field 55 repeats it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Told {
    pub(crate) tag: u32,
    bytes: [u8; 8],
    len: usize,
    pub(crate) numeric: bool,
}

impl Told {
    fn new(tag: u32, value: &[u8], numeric: bool) -> Self {
        let mut bytes = [0; 8];
        let len = value.len().min(bytes.len());
        for (to, from) in bytes.iter_mut().zip(value) {
            *to = *from;
        }
        Self {
            tag,
            bytes,
            len,
            numeric,
        }
    }

    pub(crate) fn value(&self) -> &[u8] {
        self.bytes.get(..self.len).unwrap_or_default()
    }
}

/// Everything the terminal can tell. Made once per reading: what the card was told and what the
/// host is told are the same bytes.
pub(crate) fn told(terminal: &TerminalData, payment: &Payment) -> Vec<Told> {
    vec![
        Told::new(0x9F66, &qualifiers(terminal, payment), false),
        Told::new(0x9F02, &amount(payment.amount), true),
        Told::new(0x9F03, &[0; 6], true),
        Told::new(0x9F1A, &terminal.country, true),
        Told::new(0x95, &terminal.verification_results, false),
        Told::new(0x5F2A, &payment.currency, true),
        Told::new(0x9A, &payment.date, true),
        Told::new(0x9C, &[payment.kind.tag_9c()], true),
        Told::new(0x9F37, &payment.unpredictable, false),
        Told::new(0x9F33, &terminal.capabilities, false),
        Told::new(0x9F35, &[terminal.kind], true),
        Told::new(0x9F1E, &terminal.serial, false),
        Told::new(0x9F41, &payment.counter, true),
    ]
}

/// Whether the amount alone demands a check of the holder.
pub(crate) const fn holder_check_due(terminal: &TerminalData, payment: &Payment) -> bool {
    payment.amount >= terminal.holder_check_from
}

/// Tag 9F66 of this payment: always online, for nobody but the host proves money here.
fn qualifiers(terminal: &TerminalData, payment: &Payment) -> [u8; 4] {
    let [first, second, third, fourth] = terminal.qualifiers;
    let check = if holder_check_due(terminal, payment) {
        0x40
    } else {
        0
    };
    [first, second | 0x80 | check, third, fourth]
}

/// Twelve digits, BCD. Larger amounts do not exist on this wire and read as all nines, which no
/// host grants.
fn amount(minor: u64) -> [u8; 6] {
    let mut rest = minor.min(999_999_999_999);
    let mut bytes = [0; 6];
    for byte in bytes.iter_mut().rev() {
        let pair = u8::try_from(rest % 100).unwrap_or_default();
        *byte = ((pair / 10) << 4) | (pair % 10);
        rest /= 100;
    }
    bytes
}
