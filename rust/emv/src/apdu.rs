//! Commands to a card and what its answers end with. Short APDUs only (spec 9.1).

/// Directory of the payment applications of a contactless card (spec 6, step 1).
pub(crate) const DIRECTORY: &[u8] = b"2PAY.SYS.DDF01";

/// SELECT by name.
pub(crate) fn select(name: &[u8]) -> Vec<u8> {
    with_data([0x00, 0xA4, 0x04, 0x00], name)
}

/// GET PROCESSING OPTIONS with the data that the card asked for, wrapped in tag 83.
pub(crate) fn processing_options(data: &[u8]) -> Vec<u8> {
    let mut wrapped = vec![0x83, u8::try_from(data.len()).unwrap_or(u8::MAX)];
    wrapped.extend_from_slice(data);
    with_data([0x80, 0xA8, 0x00, 0x00], &wrapped)
}

/// READ RECORD of one record of a short file.
pub(crate) fn read_record(file: u8, record: u8) -> Vec<u8> {
    vec![0x00, 0xB2, record, (file << 3) | 4, 0x00]
}

/// GET RESPONSE: the rest of an answer.
pub(crate) fn get_response(len: u8) -> Vec<u8> {
    vec![0x00, 0xC0, 0x00, 0x00, len]
}

/// The same command, asking for exactly `len` bytes.
pub(crate) fn with_length(command: &[u8], len: u8) -> Vec<u8> {
    let mut again = command.to_vec();
    if let Some(last) = again.last_mut() {
        *last = len;
    }
    again
}

/// `data` is short by construction: a name, or at most 252 bytes of a data list.
fn with_data(head: [u8; 4], data: &[u8]) -> Vec<u8> {
    let mut command = head.to_vec();
    command.push(u8::try_from(data.len()).unwrap_or(u8::MAX));
    command.extend_from_slice(data);
    command.push(0x00);
    command
}

/// An answer taken apart.
#[derive(Clone, Copy)]
pub(crate) struct Reply<'a> {
    /// What came before the status.
    pub(crate) data: &'a [u8],
    /// SW1 and SW2.
    pub(crate) status: u16,
}

impl<'a> Reply<'a> {
    /// `None` for an answer that has not even a status.
    pub(crate) fn split(answer: &'a [u8]) -> Option<Self> {
        let (data, status) = answer.split_last_chunk::<2>()?;
        let status = u16::from_be_bytes(*status);
        Some(Self { data, status })
    }
}
