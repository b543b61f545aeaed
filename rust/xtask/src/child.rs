//! A child process that the supervisor starts, hears and ends.
//!
//! Its first JSON object on standard output is its greeting; every other line goes to our
//! standard error with the child's name.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStderr, Command, Stdio};
use std::thread;

use serde_json::Value;

use crate::stop::Stop;

/// A running child.
#[derive(Debug)]
pub struct Running {
    child: Child,
}

/// A command whose process dies with the thread that starts it, however that ends: the
/// supervisor may be killed, and its children must not stay behind. So the starting thread
/// must live as long as the child.
pub fn bound_to_us(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "KILL", "--"]).arg(program);
    command
}

impl Running {
    /// Starts it. `greeted` gets the greeting, on another thread; never, if there is none.
    pub fn start(
        name: &'static str,
        command: &mut Command,
        greeted: impl FnOnce(Value) + Send + 'static,
    ) -> Result<Self, Stop> {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|e| Stop::io(format!("cannot start {name}"), &e))?;
        let stdout = child
            .stdout
            .take()
            .ok_or_else(|| Stop::failed("no standard output"))?;
        thread::spawn(move || {
            let mut greeted = Some(greeted);
            for line in BufReader::new(stdout).lines().map_while(Result::ok) {
                // A JVM may warn before the program speaks.
                let object = serde_json::from_str(&line).ok().filter(Value::is_object);
                match object.and_then(|object| Some((object, greeted.take()?))) {
                    Some((object, greeted)) => greeted(object),
                    None => eprintln!("{name}: {line}"),
                }
            }
        });
        Ok(Self { child })
    }

    /// What it writes to standard error, once, if its command pipes that.
    pub fn errors(&mut self) -> Option<ChildStderr> {
        self.child.stderr.take()
    }

    pub fn is_alive(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// Ends it at once (SIGKILL): no farewell, nothing flushed, as when power fails.
    pub fn kill(&mut self) -> Result<(), Stop> {
        let ended = self.child.kill().and_then(|()| self.child.wait());
        ended
            .map(|_| ())
            .map_err(|e| Stop::io("cannot end a child", &e))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.kill();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::process::ExitStatusExt;
    use std::sync::mpsc;
    use std::time::Duration;

    #[test]
    fn the_greeting_is_heard_once_and_the_child_ends_on_command() {
        let (send, heard) = mpsc::channel();
        let text = "a warning\\n{\"port\":8088}\\n{\"port\":1}\\n";
        let mut command = bound_to_us("sh");
        command.args(["-c", &format!("printf '{text}'; exec tail -f /dev/null")]);
        let mut running = Running::start("child", &mut command, move |hello| {
            send.send(hello).unwrap()
        })
        .unwrap();
        let hello = heard.recv_timeout(Duration::from_secs(10)).unwrap();
        assert_eq!(hello, serde_json::json!({ "port": 8088 }));
        assert!(running.is_alive());
        running.kill().unwrap();
        assert!(!running.is_alive());
        assert!(heard.recv().is_err(), "the second object is no greeting");
    }

    #[test]
    fn a_child_dies_with_the_thread_that_started_it() {
        let starter = thread::spawn(|| {
            let mut command = bound_to_us("sh");
            command
                .args(["-c", "echo; exec tail -f /dev/null"])
                .stdout(Stdio::piped());
            let mut child = command.spawn().unwrap();
            let mut line = String::new();
            BufReader::new(child.stdout.take().unwrap())
                .read_line(&mut line)
                .unwrap();
            child
        });
        let mut child = starter.join().unwrap();
        assert_eq!(child.wait().unwrap().signal(), Some(9));
    }

    /// In a process of its own it is the supervisor that is killed below.
    #[test]
    fn a_supervisor_that_is_killed_leaves_nobody_and_no_port() {
        const ROLE: &str = "XTASK_TEST_SUPERVISOR";
        const LISTENER: &str = "\
            import os, socket, time; s = socket.create_server(('127.0.0.1', 0)); \
            hello = (s.getsockname()[1], os.getpid()); \
            print('{\"port\": %d, \"pid\": %d}' % hello, flush=True); time.sleep(600)";
        if std::env::var_os(ROLE).is_some() {
            let mut command = bound_to_us("python3");
            command.args(["-c", LISTENER]);
            let _child = Running::start("child", &mut command, |hello| println!("\n{hello}"));
            loop {
                thread::park();
            }
        }
        let me = "child::tests::a_supervisor_that_is_killed_leaves_nobody_and_no_port";
        let (send, heard) = mpsc::channel();
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", me, "--nocapture"]).env(ROLE, "1");
        let mut supervisor = Running::start("supervisor", &mut command, move |hello| {
            send.send(hello).unwrap()
        })
        .unwrap();
        let hello = heard.recv_timeout(Duration::from_secs(60)).unwrap();
        let port = u16::try_from(hello["port"].as_u64().unwrap()).unwrap();
        let status = format!("/proc/{}/stat", hello["pid"]);
        // Gone, or dead and not yet buried by the process that inherited it.
        let lives = || {
            let stat = std::fs::read_to_string(&status).unwrap_or_default();
            stat.rsplit_once(") ")
                .is_some_and(|(_, state)| !state.starts_with('Z'))
        };
        assert!(lives());
        supervisor.kill().unwrap();
        let begun = std::time::Instant::now();
        while lives() {
            assert!(
                begun.elapsed() < Duration::from_secs(20),
                "the child lives on"
            );
            thread::yield_now();
        }
        std::net::TcpListener::bind(("127.0.0.1", port)).unwrap();
    }

    #[test]
    fn a_program_that_is_not_there_is_an_error() {
        let error = Running::start("child", &mut Command::new("no-such-program"), |_| {});
        assert!(
            error
                .unwrap_err()
                .to_string()
                .starts_with("cannot start child")
        );
    }
}
