//! The cable between shop and acquirer: a small TCP proxy that can be pulled out.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

/// A connection that is not taken within this time meets a full queue.
const NO_ANSWER: Duration = Duration::from_millis(60);

/// A cable that is plugged in. Dropping it cuts everything.
pub(super) struct Cable {
    /// Where the terminal connects to.
    pub port: u16,
    plugged: watch::Sender<bool>,
    _tasks: JoinSet<()>,
}

impl Cable {
    /// A cable to this port of this machine.
    pub(super) async fn to(host: u16) -> io::Result<Self> {
        let socket = TcpSocket::new_v4()?;
        socket.bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)))?;
        // The shortest queue there is, so that it can be filled.
        let listener = socket.listen(1)?;
        let port = listener.local_addr()?.port();
        let (plugged, watched) = watch::channel(true);
        let mut tasks = JoinSet::new();
        tasks.spawn(run(listener, port, host, watched));
        let _tasks = tasks;
        Ok(Self {
            port,
            plugged,
            _tasks,
        })
    }

    /// Pulls it out: what is under way is cut, what comes gets no answer at all.
    pub(super) fn pull(&self) {
        self.plugged.send_replace(false);
    }

    /// Puts it back.
    pub(super) fn plug(&self) {
        self.plugged.send_replace(true);
    }
}

async fn run(listener: TcpListener, port: u16, host: u16, mut plugged: watch::Receiver<bool>) {
    let mut fillers = Vec::new();
    loop {
        fillers.clear();
        forward(&listener, host, &mut plugged).await;
        // Nobody takes connections now. Once the queue is full of our own, others are left
        // without any answer, as with a cable that is out.
        while let Ok(Ok(filler)) = timeout(NO_ANSWER, TcpStream::connect(("127.0.0.1", port))).await
        {
            fillers.push(filler);
        }
        if !became(&mut plugged, true).await {
            return;
        }
    }
}

/// Waits until the cable is in or out; false when nobody holds it any more.
async fn became(plugged: &mut watch::Receiver<bool>, wanted: bool) -> bool {
    plugged.wait_for(|now| *now == wanted).await.is_ok()
}

/// Forwards until the cable is pulled.
async fn forward(listener: &TcpListener, host: u16, plugged: &mut watch::Receiver<bool>) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            biased;
            _ = became(plugged, false) => return,
            Some(_) = connections.join_next() => {}
            taken = listener.accept() => match taken {
                Ok((mut near, _)) => {
                    connections.spawn(async move {
                        if let Ok(mut far) = TcpStream::connect(("127.0.0.1", host)).await {
                            // Ends with either side; both then see it.
                            let _ = copy_bidirectional(&mut near, &mut far).await;
                        }
                    });
                }
                Err(_) => sleep(NO_ANSWER).await,
            },
        }
    }
}
