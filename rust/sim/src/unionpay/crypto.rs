//! Keys, MACs and PIN blocks as the acquirer makes them, straight on the block ciphers, so that an
//! error in the terminal's own code cannot hide behind the same error here (spec 6).

use std::fmt;

use cipher::{Block, BlockCipherDecrypt, BlockCipherEncrypt, BlockSizeUser, KeyInit};
use des::{Des, TdesEde2};
use pos_domain::text_enum;
use sm4::Sm4;
use zeroize::{Zeroize, ZeroizeOnDrop};

/// A key together with its cipher; bytes are wiped when dropped.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub(crate) enum Key {
    Des([u8; 8]),
    TripleDes([u8; 16]),
    Sm4([u8; 16]),
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(…)")
    }
}

fn each_block<C: BlockSizeUser>(data: &mut [u8], mut step: impl FnMut(&mut Block<C>)) {
    for chunk in data.chunks_exact_mut(C::block_size()) {
        if let Ok(block) = <&mut Block<C>>::try_from(chunk) {
            step(block);
        }
    }
}

impl Key {
    /// Encrypts whole blocks in place, ECB.
    pub(crate) fn encrypt(&self, data: &mut [u8]) {
        match self {
            Self::Des(key) => {
                let cipher = Des::new(&(*key).into());
                each_block::<Des>(data, |block| cipher.encrypt_block(block));
            }
            Self::TripleDes(key) => {
                let cipher = TdesEde2::new(&(*key).into());
                each_block::<TdesEde2>(data, |block| cipher.encrypt_block(block));
            }
            Self::Sm4(key) => {
                let cipher = Sm4::new(&(*key).into());
                each_block::<Sm4>(data, |block| cipher.encrypt_block(block));
            }
        }
    }

    /// Decrypts whole blocks in place, ECB.
    pub(crate) fn decrypt(&self, data: &mut [u8]) {
        match self {
            Self::Des(key) => {
                let cipher = Des::new(&(*key).into());
                each_block::<Des>(data, |block| cipher.decrypt_block(block));
            }
            Self::TripleDes(key) => {
                let cipher = TdesEde2::new(&(*key).into());
                each_block::<TdesEde2>(data, |block| cipher.decrypt_block(block));
            }
            Self::Sm4(key) => {
                let cipher = Sm4::new(&(*key).into());
                each_block::<Sm4>(data, |block| cipher.decrypt_block(block));
            }
        }
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        match self {
            Self::Des(key) => key,
            Self::TripleDes(key) | Self::Sm4(key) => key,
        }
    }

    const fn block_size(&self) -> usize {
        match self {
            Self::Des(_) | Self::TripleDes(_) => 8,
            Self::Sm4(_) => 16,
        }
    }

    /// The first four bytes of an encrypted block of zeros.
    pub(crate) fn check_value(&self) -> [u8; 4] {
        let mut zeros = vec![0; self.block_size()];
        self.encrypt(&mut zeros);
        zeros.first_chunk().copied().unwrap_or_default()
    }

    fn encrypted(&self, mut block: Vec<u8>) -> Vec<u8> {
        self.encrypt(&mut block);
        block
    }
}

/// How field 64 is made: over blocks of eight with a DES key, of sixteen with an SM4 key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MacMethod {
    /// Fold, hex-expand, encrypt, hex-expand: eight ASCII characters (spec 6.5, and "SM4 fold" of
    /// 6.7).
    Fold,
    /// The same without the last expansion: eight raw bytes.
    FoldRaw,
    /// CBC-MAC, its first four bytes as eight ASCII characters.
    Cbc,
    /// CBC-MAC, its first eight bytes (spec 6.7: X9.9, SM4-CBC).
    CbcRaw,
    /// CBC-MAC with the left half of a double DES key, the last block with both (spec 6.7); with
    /// another key as [`Self::CbcRaw`].
    X919,
}

text_enum!(MacMethod {
    Fold => "fold",
    FoldRaw => "fold-raw",
    Cbc => "cbc",
    CbcRaw => "cbc-raw",
    X919 => "x9.19",
});

impl MacMethod {
    /// Field 64 over `input`: message type up to field 63.
    pub(crate) fn mac(self, key: &Key, input: &[u8]) -> [u8; 8] {
        let full = match (self, key) {
            (Self::Fold, _) => hex_expanded(&fold(key, input)),
            (Self::FoldRaw, _) => fold(key, input),
            (Self::Cbc, _) => hex_expanded(&cbc(key, input)),
            (Self::X919, Key::TripleDes(halves)) => x919(halves, input),
            (Self::CbcRaw | Self::X919, _) => cbc(key, input),
        };
        full.first_chunk().copied().unwrap_or_default()
    }
}

fn xor(into: &mut [u8], with: &[u8]) {
    for (a, b) in into.iter_mut().zip(with) {
        *a ^= b;
    }
}

fn hex_expanded(bytes: &[u8]) -> Vec<u8> {
    bytes
        .iter()
        .flat_map(|byte| format!("{byte:02X}").into_bytes())
        .collect()
}

fn fold(key: &Key, input: &[u8]) -> Vec<u8> {
    let mut folded = vec![0; key.block_size()];
    for block in input.chunks(key.block_size()) {
        xor(&mut folded, block);
    }
    let expanded = hex_expanded(&folded);
    let (first, second) = expanded.split_at(key.block_size());
    let mut middle = key.encrypted(first.to_vec());
    xor(&mut middle, second);
    key.encrypted(middle)
}

fn cbc(key: &Key, input: &[u8]) -> Vec<u8> {
    let mut chain = vec![0; key.block_size()];
    for block in input.chunks(key.block_size()) {
        xor(&mut chain, block);
        chain = key.encrypted(chain);
    }
    chain
}

fn x919(halves: &[u8; 16], input: &[u8]) -> Vec<u8> {
    let half = |at: usize| -> Option<Key> {
        halves
            .get(at..)?
            .first_chunk()
            .map(|bytes| Key::Des(*bytes))
    };
    let (Some(left), Some(right)) = (half(0), half(8)) else {
        return Vec::new();
    };
    let mut chain = cbc(&left, input);
    right.decrypt(&mut chain);
    left.encrypted(chain)
}

/// The PIN in an encrypted PIN block (spec 6.3): eight bytes under a DES key, sixteen under SM4.
/// `pan` is `None` when the block was made without one.
pub(crate) fn open_pin_block(key: &Key, block: &[u8], pan: Option<&str>) -> Option<String> {
    if block.len() != key.block_size() {
        return None;
    }
    let mut clear = block.to_vec();
    key.decrypt(&mut clear);
    xor(
        &mut clear,
        &pan_field(pan.unwrap_or_default(), key.block_size()),
    );
    let nibbles: String = clear.iter().map(|byte| format!("{byte:02X}")).collect();
    clear.zeroize();
    let length = usize::from_str_radix(nibbles.get(1..2)?, 16).ok()?;
    let (pin, filler) = nibbles.get(2..)?.split_at_checked(length)?;
    let whole = nibbles.starts_with('0')
        && (4..=12).contains(&length)
        && pin.bytes().all(|b| b.is_ascii_digit())
        && filler.bytes().all(|b| b == b'F');
    whole.then(|| pin.to_owned())
}

/// The rightmost twelve digits without the check digit, in the last six bytes of a block.
fn pan_field(pan: &str, size: usize) -> Vec<u8> {
    let account = pan.get(..pan.len().saturating_sub(1)).unwrap_or_default();
    let twelve = account
        .get(account.len().saturating_sub(12)..)
        .unwrap_or_default();
    let digits = format!("{twelve:0>width$}", width = size * 2);
    digits
        .as_bytes()
        .chunks(2)
        .map(|pair| {
            pair.iter()
                .fold(0, |byte, digit| (byte << 4) | (digit & 0x0F))
        })
        .collect()
}

/// Track 2 in value form (`=` or `D` as separator) from one whose middle eight bytes are encrypted
/// (spec 6.4); `None` when it is too short to have been encrypted, is no track, or the key is an
/// SM4 key, for which no method is published.
pub(crate) fn open_track(key: &Key, track: &str) -> Option<String> {
    if matches!(key, Key::Sm4(_)) {
        return None;
    }
    let packed_digits = track.replace('=', "D");
    let filled = format!(
        "{packed_digits}{}",
        if track.len() % 2 == 1 { "0" } else { "" }
    );
    let mut packed: Vec<u8> = (0..filled.len() / 2)
        .map(|at| u8::from_str_radix(filled.get(at * 2..at * 2 + 2).unwrap_or_default(), 16))
        .collect::<Result<_, _>>()
        .ok()?;
    let end = packed.len().checked_sub(1)?;
    key.decrypt(packed.get_mut(end.checked_sub(8)?..end)?);
    let clear: String = packed.iter().map(|byte| format!("{byte:02X}")).collect();
    packed.zeroize();
    Some(clear.get(..track.len())?.replace('D', "="))
}

/// Small deterministic generator (SplitMix64): the same seed gives the same keys and codes.
#[derive(Clone, Debug)]
pub(crate) struct Generator(u64);

impl Generator {
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub(crate) fn bytes<const N: usize>(&mut self) -> [u8; N] {
        std::array::from_fn(|_| self.next().to_be_bytes()[0])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex<const N: usize>(text: &str) -> [u8; N] {
        assert_eq!(text.len(), N * 2);
        std::array::from_fn(|i| {
            u8::from_str_radix(text.get(i * 2..i * 2 + 2).unwrap(), 16).unwrap()
        })
    }

    /// Spec 6.9, TV-C: the slots of a sign-in and their check values.
    #[test]
    fn check_values() {
        let pik = Key::TripleDes(hex("807A23AD32B36D457AE91FDF927570EA"));
        let mak = Key::Des(hex("5BB5C72CD00B7338"));
        assert_eq!(pik.check_value(), hex("8D0A74B8"));
        assert_eq!(mak.check_value(), hex("AB7153CA"));
        let tmk = Key::TripleDes(hex("CA5D92598DCA48CE8A4C76361A9269E9"));
        let mut slot: [u8; 16] = hex("6701EAD6A9AD51E51AA406E2C27FCFA9");
        tmk.decrypt(&mut slot);
        assert_eq!(&slot, pik.bytes());
        let sm4 = Key::Sm4(hex("F351D490994603795C6EBEE8FAEBB481"));
        assert_eq!(sm4.check_value(), hex("861E83E3"));
    }

    /// TV-F, TV-J: the folded MAC of a swiped sale, and the other methods over TV-A's input.
    #[test]
    fn macs() {
        let swipe: [u8; 91] = hex(concat!(
            "0200302004C020C0981100000000000000005100183402100006324392260009942820D1312101120084",
            "393136363838303134303030303030303030303030303031313536ACF46E73838A82F926000000000000",
            "00000822000001",
        ));
        let key = Key::Des(hex("C24A8FB57AA20123"));
        assert_eq!(&MacMethod::Fold.mac(&key, &swipe), b"8A9E91B8");
        let a: [u8; 108] = hex(concat!(
            "02003020048000C080150000000000000012340000020300993030303030303031393532373138313832",
            "32313738373531353600192600000100060000000000435F011232383434313233343536373839303132",
            "33345F03063136303033365F04063230303832365C023031",
        ));
        let single = Key::Des(hex("0723C80DB5F4CD3D"));
        let double = Key::TripleDes(hex("55036372B17543ECB173730768B8D6C4"));
        let sm4 = Key::Sm4(hex("F351D490994603795C6EBEE8FAEBB481"));
        assert_eq!(&MacMethod::Fold.mac(&single, &a), b"B3A092AE");
        assert_eq!(MacMethod::CbcRaw.mac(&single, &a), hex("D3CED7612E78B38C"));
        assert_eq!(MacMethod::X919.mac(&double, &a), hex("27251E5283E629F5"));
        assert_eq!(&MacMethod::Fold.mac(&sm4, &a), b"74F2CC79");
        assert_eq!(MacMethod::CbcRaw.mac(&sm4, &a), hex("8FCC9BD0EBC41F6C"));
        assert_eq!(&MacMethod::Cbc.mac(&sm4, &a), b"8FCC9BD0");
        assert_eq!(MacMethod::FoldRaw.mac(&sm4, &a), hex("74F2CC795851FBE3"));
    }

    /// TV-D under the PIN key of TV-C, and TV-G.
    #[test]
    fn pin_blocks() {
        let key = Key::TripleDes(hex("807A23AD32B36D457AE91FDF927570EA"));
        let block: [u8; 8] = hex("A2BCBE65CB54B0E7");
        let pin = open_pin_block(&key, &block, Some("123456789012345678"));
        assert_eq!(pin.as_deref(), Some("123456"));
        assert_eq!(open_pin_block(&key, &block, Some("1234567890123456")), None);
        let sm4 = Key::Sm4(hex("F351D490994603795C6EBEE8FAEBB481"));
        let block: [u8; 16] = hex("CD01D6AD8F0A484C52A9364A0595AD60");
        let pin = open_pin_block(&sm4, &block, Some("6230606601007726888"));
        assert_eq!(pin.as_deref(), Some("123654"));
    }

    /// TV-I: the eight bytes before the last packed byte.
    #[test]
    fn tracks() {
        let key = Key::TripleDes(hex("807A23AD32B36D457AE91FDF927570EA"));
        let clear = "1234567890123456789=0508201781999168302";
        let secret = clear.replace("0820178199916830", "CFF96EA99C9D37A1");
        assert_eq!(
            open_track(&key, &secret.replace('=', "D")).as_deref(),
            Some(clear)
        );
        assert_eq!(open_track(&key, "123=5"), None);
    }
}
