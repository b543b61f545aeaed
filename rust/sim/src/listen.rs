//! The steps of one answer played to a listener in the same process, without a socket.

use std::ops::ControlFlow;
use std::time::Duration;

use tokio::time::sleep;

use crate::Step;

/// How listening ended. While the connection stands and nothing more comes, it does not end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listened {
    /// The listener had what it wanted.
    Enough,
    /// The host closed the connection.
    Closed,
}

/// Plays `steps`: `hear` gets each whole frame, its two length bytes included, and says whether it
/// goes on listening.
pub async fn listen(steps: Vec<Step>, mut hear: impl FnMut(&[u8]) -> ControlFlow<()>) -> Listened {
    let mut buffer = Vec::new();
    for step in steps {
        match step {
            Step::Send(bytes) => buffer.extend(bytes),
            Step::Wait(ms) => sleep(Duration::from_millis(ms)).await,
            Step::Close => return Listened::Closed,
        }
        while let Some(frame) = take_frame(&mut buffer) {
            if hear(&frame).is_break() {
                return Listened::Enough;
            }
        }
    }
    std::future::pending().await
}

/// A whole frame with its two length bytes, when there is one.
fn take_frame(buffer: &mut Vec<u8>) -> Option<Vec<u8>> {
    let size = u16::from_be_bytes([*buffer.first()?, *buffer.get(1)?]);
    let length = usize::from(size).saturating_add(2);
    (buffer.len() >= length).then(|| buffer.drain(..length).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first byte of the content of each frame that was heard, and how it ended.
    async fn heard(steps: Vec<Step>, enough: usize) -> (Vec<u8>, Option<Listened>) {
        let mut frames = Vec::new();
        let playing = listen(steps, |frame| {
            frames.push(frame[2]);
            match frames.len() < enough {
                true => ControlFlow::Continue(()),
                false => ControlFlow::Break(()),
            }
        });
        let ended = tokio::time::timeout(Duration::from_millis(50), playing).await;
        (frames, ended.ok())
    }

    #[tokio::test]
    async fn frames_are_heard_whole_and_one_by_one() {
        let halves = || vec![Step::Send(vec![0, 2, 7]), Step::Send(vec![9, 0, 1, 8, 0])];
        assert_eq!(heard(halves(), 1).await, (vec![7], Some(Listened::Enough)));
        assert_eq!(
            heard(halves(), 2).await,
            (vec![7, 8], Some(Listened::Enough))
        );
        assert_eq!(heard(halves(), 3).await, (vec![7, 8], None), "silence");
        let closed = [halves(), vec![Step::Wait(1), Step::Close]].concat();
        assert_eq!(heard(closed, 3).await, (vec![7, 8], Some(Listened::Closed)));
    }
}
