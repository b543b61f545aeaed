//! From a request to the frame that answers it.

use pos_domain::WallTime;
use pos_iso8583::{Fields, Header, Message, encode, encode_with_mac};

use super::Acquirer;
use super::code::AnswerCode;
use super::request::Request;
use crate::fault::Kind;

/// An answer before its MAC.
#[derive(Clone)]
pub(crate) struct Reply {
    pub message: Message,
    pub with_mac: bool,
}

impl Reply {
    /// Field 39; an answer without one, to a settlement, counts as approved.
    pub(crate) fn code(&self) -> AnswerCode {
        let code = self.message.fields.text(39).and_then(AnswerCode::parse);
        code.unwrap_or(AnswerCode::APPROVED)
    }
}

impl Acquirer {
    /// Handles a request and makes its answer.
    pub(crate) fn answer(&mut self, request: &Request, now: WallTime, repeated: bool) -> Reply {
        let (fields, with_mac) = if request.kind.is_financial() {
            let verdict = self.judge(request, now, repeated);
            let with_mac = verdict.code.approves() || self.settings.mac_on_declines;
            (self.financial_fields(request, &verdict, now), with_mac)
        } else {
            self.other_fields(request, now)
        };
        let reply = self.reply(request, fields, with_mac);
        let (mti, kind, trace) = (request.mti, request.kind, request.trace());
        log::info!("{mti} {kind} trace {trace}: {}", reply.code());
        reply
    }

    /// The answer to a request that is not about money, and whether it has a MAC.
    fn other_fields(&mut self, request: &Request, now: WallTime) -> (Fields, bool) {
        let code = match request.kind {
            Kind::SignIn => return (self.sign_in(request, now), false),
            Kind::SignOut => return (self.sign_out(request, now), false),
            Kind::Settle => return (self.settle(request, now), false),
            Kind::ScriptNotice => {
                let code = self.script_notice(request);
                return (self.code_fields(request, code, now), true);
            }
            Kind::Parameters | Kind::CaKeys | Kind::AidParameters | Kind::Status => {
                let (code, content) = self.download(request);
                let mut fields = self.management(request, code, now);
                if let Some(content) = content {
                    fields.set(62, content);
                }
                return (fields, false);
            }
            Kind::Upload | Kind::UploadEnd => return (self.upload_fields(request, now), false),
            Kind::Esign => self.signature(request),
            Kind::Echo => AnswerCode::APPROVED,
            _ => AnswerCode::UNSUPPORTED,
        };
        (self.management(request, code, now), request.mac.is_some())
    }

    /// An answer that only says a code; nothing is booked by making it.
    pub(crate) fn reply_with_code(
        &mut self,
        request: &Request,
        code: AnswerCode,
        now: WallTime,
    ) -> Reply {
        let fields = self.code_fields(request, code, now);
        self.reply(request, fields, request.mac.is_some())
    }

    /// Fields that only say a code; in a settlement, which has none, its last digit is the verdict.
    fn code_fields(&mut self, request: &Request, code: AnswerCode, now: WallTime) -> Fields {
        if request.kind.is_financial() || request.kind == Kind::ScriptNotice {
            let reference = self.next_reference(now);
            let verdict = self.refusal(request, code, reference);
            self.financial_fields(request, &verdict, now)
        } else if request.kind == Kind::Settle {
            let digit = code.as_str().chars().last().unwrap_or('0');
            self.settlement_fields(request, (digit, digit), now)
        } else {
            self.management(request, code, now)
        }
    }

    fn reply(&mut self, request: &Request, fields: Fields, with_mac: bool) -> Reply {
        let job = std::mem::take(&mut self.header_job);
        let message = Message {
            tpdu: request.tpdu.swapped(),
            header: with_job(request.header, job),
            mti: request.mti.response(),
            fields,
        };
        Reply { message, with_mac }
    }

    /// The frame of an answer, with the MAC of the terminal's current key if it has one. Empty when
    /// the answer cannot be written, which is logged.
    pub(crate) fn sealed(&self, request: &Request, reply: &Reply) -> Vec<u8> {
        let has_keys = self.mac_of(request, &[]).is_some();
        let written = if reply.with_mac && has_keys {
            encode_with_mac(&reply.message, |input| {
                self.mac_of(request, input).ok_or(())
            })
            .map_err(|_| ())
        } else {
            encode(&reply.message).map_err(|_| ())
        };
        written.unwrap_or_else(|()| {
            log::error!("answer to {} cannot be written", request.kind);
            Vec::new()
        })
    }
}

fn with_job(header: Header, job: u8) -> Header {
    let mut bytes = header.to_bytes();
    let [_, _, status, ..] = &mut bytes;
    *status = (*status & 0xF0) | job;
    Header::from_bytes(bytes).unwrap_or(header)
}
