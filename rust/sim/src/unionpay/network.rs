//! Messages that manage the terminal: sign-in, sign-out, echo.

use pos_domain::WallTime;
use pos_iso8583::Fields;

use super::Acquirer;
use super::code::AnswerCode;
use super::request::Request;
use super::terminal::{KeyMode, WorkingKeys};

impl Acquirer {
    /// New working keys and the current batch.
    pub(crate) fn sign_in(&mut self, request: &Request, now: WallTime) -> Fields {
        let Some(mode) = KeyMode::from_network(&request.network) else {
            return self.management(request, AnswerCode::UNSUPPORTED, now);
        };
        let keys = WorkingKeys::generate(mode, &self.settings, &mut self.random);
        let wrapped = keys.wrapped(&self.settings);
        let terminal = self.terminal(&request.terminal);
        if terminal.settled.contains(&terminal.batch_text()) {
            terminal.move_to(terminal.next_batch());
        }
        terminal.keys = Some(keys);
        terminal.mode = Some(mode);
        let sixty = format!("00{}{}", terminal.batch_text(), request.network);
        let mut fields = self.management(request, AnswerCode::APPROVED, now);
        fields.set(60, sixty).set(62, wrapped);
        fields
    }

    /// The keys of the session are forgotten.
    pub(crate) fn sign_out(&mut self, request: &Request, now: WallTime) -> Fields {
        self.terminal(&request.terminal).keys = None;
        self.management(request, AnswerCode::APPROVED, now)
    }

    /// What every answer to a management message has; downloads have no trace and get no acquirer.
    pub(crate) fn management(
        &mut self,
        request: &Request,
        code: AnswerCode,
        now: WallTime,
    ) -> Fields {
        let mut fields = Fields::new();
        for field in [11, 41, 42, 60] {
            if let Some(value) = request.fields.get(field) {
                fields.set(field, value);
            }
        }
        if fields.contains(11) {
            fields.set(32, &self.settings.acquirer_id);
        }
        fields
            .set(12, now.hhmmss())
            .set(13, now.mmdd())
            .set(37, self.next_reference(now))
            .set(39, code.as_str());
        fields
    }
}
