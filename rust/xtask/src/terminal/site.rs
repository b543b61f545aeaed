//! The paths of the page. Everything lies below a secret first part; anything else is 404.

use serde_json::Value;

use super::drawn;
use super::world::World;
use crate::http::{Answer, Request};

const PAGE: &str = include_str!("page/index.html");
const STYLE: &str = include_str!("page/page.css");
const SCRIPT: &str = include_str!("page/page.js");
const CALLS: &str = include_str!("page/calls.js");
const PANELS: &str = include_str!("page/panels.js");
const PARTS: &str = include_str!("page/parts.js");
const PHONE: &str = include_str!("page/phone.js");
const WORDS: &str = include_str!("page/words.js");

/// Nothing from elsewhere, nothing inline; pictures come as blobs.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
                      img-src 'self' blob: data:; connect-src 'self'; base-uri 'none'; \
                      form-action 'none'; frame-ancestors 'none'";

/// Answers one request.
pub fn answer(world: &World, token: &str, request: &Request) -> Answer {
    let Some(path) = below(token, &request.path) else {
        return Answer::error(404, "nothing here");
    };
    let mut answer = route(world, path, request);
    for (name, value) in [
        ("cache-control", "no-store"),
        ("content-security-policy", POLICY),
        ("referrer-policy", "no-referrer"),
        ("x-content-type-options", "nosniff"),
    ] {
        answer.headers.insert(name.to_owned(), value.to_owned());
    }
    answer
}

fn route(world: &World, path: &str, request: &Request) -> Answer {
    let target = match request.query.as_str() {
        "" => format!("/{path}"),
        query => format!("/{path}?{query}"),
    };
    match (request.method.as_str(), path) {
        ("GET", "") => Answer::new(200, "text/html; charset=utf-8", PAGE),
        ("GET", "page.css") => Answer::new(200, "text/css; charset=utf-8", STYLE),
        ("GET", "page.js") => script(SCRIPT),
        ("GET", "calls.js") => script(CALLS),
        ("GET", "panels.js") => script(PANELS),
        ("GET", "parts.js") => script(PARTS),
        ("GET", "phone.js") => script(PHONE),
        ("GET", "words.js") => script(WORDS),
        ("GET", "status") => world.status(),
        ("GET", "ledgers") => world.ledgers(request.query.strip_prefix("after=")),
        ("GET", "profile") => Answer::new(200, "text/plain; charset=utf-8", world.profile.clone()),
        ("POST", "code") => code(&request.body),
        ("POST", "control") => world.control(&request.body),
        ("GET", "screen.png" | "tree" | "slips" | "counter" | "start")
        | ("POST", "tap" | "drag" | "key" | "text") => {
            world.ask_app(&request.method, &target, &request.body)
        }
        _ if request.method != "GET" && request.method != "POST" => {
            Answer::error(405, "GET or POST")
        }
        _ => Answer::error(404, "nothing here"),
    }
}

fn script(text: &str) -> Answer {
    Answer::new(200, "text/javascript; charset=utf-8", text)
}

/// `{"kind": "qr|barcode", "text"}` as a picture. By POST: what is drawn stands in no address.
fn code(body: &[u8]) -> Answer {
    let asked: Value = serde_json::from_slice(body).unwrap_or_default();
    let text = asked.get("text").and_then(Value::as_str);
    let picture = match asked.get("kind").and_then(Value::as_str) {
        Some("qr") => text.and_then(drawn::qr),
        Some("barcode") => text.and_then(drawn::barcode),
        _ => None,
    };
    match picture {
        Some(svg) => Answer::new(200, "image/svg+xml", svg),
        None => Answer::error(
            400,
            "code: {\"kind\": \"qr|barcode\", \"text\"} that fits it",
        ),
    }
}

/// What follows `/TOKEN/`. The comparison takes the same time wherever a guess goes wrong.
fn below<'a>(token: &str, path: &'a str) -> Option<&'a str> {
    let (first, rest) = path.strip_prefix('/')?.split_once('/')?;
    let differing = first
        .bytes()
        .zip(token.bytes())
        .fold(0, |all, (a, b)| all | (a ^ b));
    (first.len() == token.len() && differing == 0).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::below;

    #[test]
    fn only_the_token_opens() {
        assert_eq!(below("abc", "/abc/tree"), Some("tree"));
        assert_eq!(below("abc", "/abc/"), Some(""));
        for path in [
            "/",
            "/abc",
            "abc/",
            "/abd/",
            "/ab/",
            "/abcd/",
            "//abc/",
            "/ABC/tree",
        ] {
            assert_eq!(below("abc", path), None, "{path}");
        }
    }
}
