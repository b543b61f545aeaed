//! The control page and its few operations.

use std::io;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::sleep;

use super::http::{self, Answer};
use super::{Shared, now};
use crate::command::Command;
use crate::fault;
use crate::web::WebRequest;

const PAGE: &str = include_str!("page.html");
const MAX_CONNECTIONS: usize = 64;

/// Serves the control page until its task ends.
pub(crate) async fn accept(listener: TcpListener, port: u16, shared: Shared) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            Some(_) = connections.join_next() => {}
            taken = listener.accept(), if connections.len() < MAX_CONNECTIONS => match taken {
                Ok((stream, _)) => {
                    connections.spawn(connection(stream, port, shared.clone()));
                }
                Err(error) => {
                    log::warn!("a control connection could not be taken: {error}");
                    sleep(Duration::from_millis(200)).await;
                }
            },
        }
    }
}

async fn connection(mut stream: TcpStream, port: u16, shared: Shared) {
    if let Err(error) = serve(&mut stream, port, &shared).await {
        log::info!("control connection ended: {error}");
    }
}

async fn serve(stream: &mut TcpStream, port: u16, shared: &Shared) -> io::Result<()> {
    let request = match http::read(stream).await? {
        Ok(request) => request,
        Err(status) => return http::write(stream, &problem(status, json!(status))).await,
    };
    let quits = request.method == "POST" && request.target == "/quit";
    let answer = if is_own_page(&request, port) {
        respond(&request, shared)
    } else {
        problem(
            "403 Forbidden",
            json!("this page answers only to this machine"),
        )
    };
    let accepted = answer.status == OK;
    http::write(stream, &answer).await?;
    if quits && accepted {
        shared.quit.send_replace(true);
    }
    Ok(())
}

/// Guards against other pages in a browser of this machine: their requests carry their own origin,
/// and a name that was bent to 127.0.0.1 shows in the host.
fn is_own_page(request: &WebRequest, port: u16) -> bool {
    let names = ["127.0.0.1", "localhost"].map(|name| format!("{name}:{port}"));
    let own_host = request
        .header("host")
        .is_some_and(|host| names.iter().any(|own| own == host));
    let own_origin = request.header("origin").is_none_or(|origin| {
        origin
            .strip_prefix("http://")
            .is_some_and(|name| names.iter().any(|own| own == name))
    });
    own_host && own_origin
}

const OK: &str = "200 OK";

fn respond(request: &WebRequest, shared: &Shared) -> Answer {
    match (request.method.as_str(), request.target.as_str()) {
        ("GET", "/") => Answer {
            status: OK,
            content_type: "text/html",
            body: PAGE.to_owned(),
        },
        ("GET", "/ledger") => Answer::json(OK, &shared.hosts().ledger()),
        ("GET", "/faults") => Answer::json(OK, &shared.hosts().faults()),
        ("POST", "/faults") => add_faults(&request.body, shared),
        ("DELETE", "/faults") => {
            shared.hosts().clear_faults();
            Answer::json(OK, &json!([]))
        }
        ("POST", "/do") => execute(&request.body, shared),
        ("POST", "/quit") => Answer::json(OK, &json!({ "quitting": true })),
        (_, "/" | "/ledger" | "/faults" | "/do" | "/quit") => problem(
            "405 Method Not Allowed",
            json!("this address does not take this method"),
        ),
        _ => problem("404 Not Found", json!("no such address")),
    }
}

fn add_faults(body: &[u8], shared: &Shared) -> Answer {
    let parsed = std::str::from_utf8(body).map(fault::parse);
    match parsed {
        Ok(Ok(faults)) => {
            let mut hosts = shared.hosts();
            hosts.add_faults(faults);
            Answer::json(OK, &hosts.faults())
        }
        Ok(Err(error)) => problem("400 Bad Request", json!(error.to_string())),
        Err(error) => problem("400 Bad Request", json!(error.to_string())),
    }
}

fn execute(body: &[u8], shared: &Shared) -> Answer {
    match Command::parse(body) {
        Ok(command) => {
            let done = shared.hosts().execute(command, now());
            shared.publish_online();
            if done {
                Answer::json(OK, &json!({ "done": true }))
            } else {
                problem("409 Conflict", json!("there is no order that this fits"))
            }
        }
        Err(error) => problem("400 Bad Request", json!(error.to_string())),
    }
}

fn problem(status: &'static str, detail: Value) -> Answer {
    Answer::json(status, &json!({ "error": detail }))
}
