//! The settings in typed form.

use std::fmt;
use std::net::{IpAddr, Ipv6Addr};
use std::str::FromStr;
use std::time::Duration;

use pos_domain::{UnknownText, text_enum};
use pos_iso8583::{Header, Tpdu, security};

use super::wallets::{Alipay, UnionPayQr, WeChat};
use super::{SettingError, Settings, WireHabits};

/// All settings of a terminal. Secrets are kept apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Profile {
    /// The shop.
    pub merchant: Merchant,
    /// The terminal.
    pub terminal: Terminal,
    /// The card rail; none switches it off.
    pub unionpay: Option<UnionPay>,
    /// WeChat Pay; none switches it off.
    pub wechat: Option<WeChat>,
    /// Alipay; none switches it off.
    pub alipay: Option<Alipay>,
    /// How UnionPay QR codes travel; none switches them off.
    pub unionpay_qr: Option<UnionPayQr>,
}

/// The shop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merchant {
    /// Field 42, at most 15 characters.
    pub id: String,
    /// The name on the slip.
    pub name: String,
}

/// The terminal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terminal {
    /// Field 41, at most 8 characters.
    pub id: String,
    /// Serial number of the hardware.
    pub serial: String,
    /// The acquirer's cut-over as minute of the day in UTC+8, 0 to 1440.
    pub day_cutover: i64,
    /// When to settle without being asked, as minute of the day in UTC+8; none = never.
    pub auto_settle: Option<i64>,
    /// Where it stands, latitude and longitude such as `+31.2304/+121.4737`; empty = not told.
    pub location: String,
    /// Network licence of the hardware, 5 characters; empty = not told.
    pub network_license: String,
}

/// The card rail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnionPay {
    /// Where the acquirer is.
    pub host: HostAddress,
    /// Where plain TCP may go when no CA is given.
    pub plain_tcp: PlainTcp,
    /// Transport header of requests.
    pub tpdu: Tpdu,
    /// Application header of requests.
    pub header: Header,
    /// Limit of connecting and, again, of waiting for an answer: 1 to 300 s.
    pub timeout: Duration,
    /// Layout of the working keys.
    pub keys: KeyMode,
    /// Name of the MAC algorithm; empty = the key mode's usual one.
    pub mac: String,
    /// A void wants the card read.
    pub void_needs_card: bool,
    /// A void wants the PIN.
    pub void_needs_pin: bool,
    /// A void of a completion wants the card read.
    pub completion_void_needs_card: bool,
    /// A void of a completion wants the PIN.
    pub completion_void_needs_pin: bool,
    /// A void of a pre-authorisation wants the PIN.
    pub preauth_void_needs_pin: bool,
    /// Sends of one reversal in a round.
    pub resend_limit: u32,
    /// How long a lost sale may still be on its way, in seconds.
    pub late_window_s: u32,
    /// The acquirer takes reversals of QR voids.
    pub qr_void_reversal: bool,
    /// A decline without MAC is believed on the private network.
    pub accept_unmaced_decline: bool,
    /// Whose batch and trace field 61 of a void's reversal names.
    pub void_reversal_f61: ReversalOriginal,
    /// Records of one batch before a new sale is refused.
    pub max_batch: u32,
    /// The most that a completion may take of its pre-authorisation, per cent.
    pub completion_most: u32,
    /// What else this acquirer does differently.
    pub habits: WireHabits,
    /// What a card held to the terminal is told.
    pub tap: pos_emv::TerminalData,
}

/// Where plain TCP may go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PlainTcp {
    /// This machine only.
    Loopback,
    /// Private address ranges too.
    PrivateNetwork,
}

/// Layout of the working keys (spec unionpay-8583 §6.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyMode {
    /// Single-length DES keys, 60.3 = 001.
    Single,
    /// Double-length DES keys, 60.3 = 003.
    Double,
    /// Double-length DES keys with a track key, 60.3 = 004.
    DoubleTrack,
    /// SM4 keys, 60.3 = 005.
    Sm4,
}

/// Whose batch and trace field 61 of a void's reversal names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ReversalOriginal {
    /// The void's own.
    Void,
    /// The sale's.
    Sale,
}

text_enum!(PlainTcp { Loopback => "loopback", PrivateNetwork => "private_network" });
text_enum!(KeyMode {
    Single => "single",
    Double => "double",
    DoubleTrack => "double_track",
    Sm4 => "sm4",
});
text_enum!(ReversalOriginal { Void => "void", Sale => "sale" });

impl KeyMode {
    /// The codec's name for it.
    #[must_use]
    pub const fn mode(self) -> security::KeyMode {
        match self {
            Self::Single => security::KeyMode::Single,
            Self::Double => security::KeyMode::Double,
            Self::DoubleTrack => security::KeyMode::DoubleTrack,
            Self::Sm4 => security::KeyMode::Sm4,
        }
    }

    /// Name of the MAC algorithm that usually goes with it.
    #[must_use]
    pub const fn usual_mac(self) -> &'static str {
        match self {
            Self::Sm4 => "sm4-fold",
            Self::Single | Self::Double | Self::DoubleTrack => "cup-ecb",
        }
    }
}

/// Where a host is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HostAddress {
    /// In this process; the caller hands in the link.
    Simulator,
    /// Over TCP.
    Tcp {
        /// Name or address, an IPv6 address without brackets.
        name: String,
        /// Port, 1 to 65535.
        port: u16,
    },
}

impl HostAddress {
    /// Whether no real acquirer can be there: the simulator or this machine.
    #[must_use]
    pub fn is_test(&self) -> bool {
        match self {
            Self::Simulator => true,
            Self::Tcp { name, .. } => {
                name == "localhost" || name.parse().is_ok_and(|ip: IpAddr| ip.is_loopback())
            }
        }
    }
}

impl FromStr for HostAddress {
    type Err = UnknownText;

    fn from_str(text: &str) -> Result<Self, UnknownText> {
        if text == "simulator" {
            return Ok(Self::Simulator);
        }
        let error = UnknownText {
            what: "HostAddress",
        };
        let (name, port) = text.rsplit_once(':').ok_or(error.clone())?;
        let digits = !port.is_empty() && port.bytes().all(|b| b.is_ascii_digit());
        let port = port
            .parse()
            .ok()
            .filter(|port| digits && *port > 0)
            .ok_or(error.clone())?;
        let bracketed = name
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'));
        let fits = match bracketed {
            Some(address) => address.parse::<Ipv6Addr>().is_ok(),
            None => {
                (1..=253).contains(&name.len())
                    && name
                        .bytes()
                        .all(|b| b.is_ascii_alphanumeric() || b == b'.' || b == b'-')
            }
        };
        let name = bracketed.unwrap_or(name).to_owned();
        if fits {
            Ok(Self::Tcp { name, port })
        } else {
            Err(error)
        }
    }
}

impl fmt::Display for HostAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Simulator => f.write_str("simulator"),
            Self::Tcp { name, port } if name.contains(':') => write!(f, "[{name}]:{port}"),
            Self::Tcp { name, port } => write!(f, "{name}:{port}"),
        }
    }
}

/// Minute of the day of a text `HH:MM` from `00:00` to `24:00`.
pub(super) fn minute_of_day(text: &str) -> Option<i64> {
    let (hours, minutes) = text.split_once(':')?;
    let two = |t: &str| t.len() == 2 && t.bytes().all(|b| b.is_ascii_digit());
    if !two(hours) || !two(minutes) {
        return None;
    }
    let (hours, minutes): (i64, i64) = (hours.parse().ok()?, minutes.parse().ok()?);
    let minute = hours.checked_mul(60)?.checked_add(minutes)?;
    (minutes < 60 && minute <= 1440).then_some(minute)
}

impl Profile {
    pub(super) fn from_settings(s: &Settings) -> Result<Self, SettingError> {
        let text = |key: &str| s.text(key).map(str::to_owned);
        let is_on = |key: &str| s.get(key).is_some_and(|value| !value.is_empty());
        let minute = |key: &str| {
            minute_of_day(s.text(key)?).ok_or_else(|| SettingError {
                key: key.to_owned(),
            })
        };
        let auto_settle = match s.text("terminal.auto_settle")? {
            "" => None,
            _ => Some(minute("terminal.auto_settle")?),
        };
        Ok(Self {
            merchant: Merchant {
                id: text("merchant.id")?,
                name: text("merchant.name")?,
            },
            terminal: Terminal {
                id: text("terminal.id")?,
                serial: text("terminal.serial")?,
                day_cutover: minute("terminal.day_cutover")?,
                auto_settle,
                location: text("terminal.location")?,
                network_license: text("terminal.network_license")?,
            },
            unionpay: is_on("unionpay.host")
                .then(|| UnionPay::from_settings(s))
                .transpose()?,
            wechat: is_on("wechat.base_url")
                .then(|| WeChat::from_settings(s))
                .transpose()?,
            alipay: is_on("alipay.gateway")
                .then(|| Alipay::from_settings(s))
                .transpose()?,
            unionpay_qr: is_on("unionpay_qr.mode")
                .then(|| UnionPayQr::from_settings(s))
                .transpose()?,
        })
    }
}

impl UnionPay {
    fn from_settings(s: &Settings) -> Result<Self, SettingError> {
        Ok(Self {
            host: s.read("unionpay.host")?,
            plain_tcp: s.read("unionpay.plain_tcp")?,
            tpdu: s.read("unionpay.tpdu")?,
            header: s.read("unionpay.header")?,
            timeout: Duration::from_secs(s.read("unionpay.timeout_s")?),
            keys: s.read("unionpay.keys")?,
            mac: s.text("unionpay.mac")?.to_owned(),
            void_needs_card: s.read("unionpay.void_needs_card")?,
            void_needs_pin: s.read("unionpay.void_needs_pin")?,
            completion_void_needs_card: s.read("unionpay.completion_void_needs_card")?,
            completion_void_needs_pin: s.read("unionpay.completion_void_needs_pin")?,
            preauth_void_needs_pin: s.read("unionpay.preauth_void_needs_pin")?,
            resend_limit: s.read("unionpay.resend_limit")?,
            late_window_s: s.read("unionpay.late_window_s")?,
            qr_void_reversal: s.read("unionpay.qr_void_reversal")?,
            accept_unmaced_decline: s.read("unionpay.accept_unmaced_decline")?,
            void_reversal_f61: s.read("unionpay.void_reversal_f61")?,
            max_batch: s.read("unionpay.max_batch")?,
            completion_most: s.read("unionpay.completion_most")?,
            habits: WireHabits::from_settings(s)?,
            tap: super::tap::terminal_data(s)?,
        })
    }

    /// The MAC algorithm, named or usual.
    #[must_use]
    pub fn mac_algorithm(&self) -> &'static dyn security::MacAlgorithm {
        security::algorithm(&self.mac)
            .or_else(|| security::algorithm(self.keys.usual_mac()))
            .unwrap_or(&security::CupEcb)
    }
}
