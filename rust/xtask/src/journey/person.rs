//! A person before the page: sees the terminal's screen, touches it, uses the counter.

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::browser::Browser;
use crate::http;
use crate::stop::Stop;

/// For whatever the terminal does, a slow start on a busy machine included.
const PATIENCE: Duration = Duration::from_secs(60);

/// Steps of the wheel until a view that is there must have come into sight.
const SCROLLS: usize = 20;
const LOOK: Duration = Duration::from_millis(50);

/// The page in a browser, and the same terminal for programs.
pub struct Person {
    pub browser: Browser,
    port: u16,
    token: String,
}

/// The middle of a view, in pixels of the terminal's screen.
#[derive(Debug, PartialEq, Eq)]
struct Place {
    x: i64,
    y: i64,
}

impl Person {
    /// Opens the page that the supervisor's first line names.
    pub fn open(mut browser: Browser, hello: &Value) -> Result<Self, Stop> {
        let text = |key: &str| hello.get(key).and_then(Value::as_str).unwrap_or_default();
        let port = hello
            .get("port")
            .and_then(Value::as_u64)
            .and_then(|port| port.try_into().ok());
        let port = port.ok_or_else(|| Stop::failed(format!("no port in {hello}")))?;
        browser.open(text("url"))?;
        browser.wait(
            "document.getElementById('off').offsetParent == null",
            PATIENCE,
        )?;
        Ok(Self {
            browser,
            port,
            token: text("token").to_owned(),
        })
    }

    /// Touches the one view with this id, when it is there, by clicking on the picture.
    pub fn touch(&mut self, id: &str) -> Result<(), Stop> {
        for _ in 0..SCROLLS {
            let what = format!("a view {id}");
            let (place, height) =
                self.until(&what, |tree| Some((find(tree, "id", id)?, height(tree)?)))?;
            if place.y < height {
                return self.touch_at(&place);
            }
            self.browser.wheel("#screen", 100)?;
        }
        Err(Stop::failed(format!("{id} stays below the screen's edge")))
    }

    fn touch_at(&mut self, Place { x, y }: &Place) -> Result<(), Stop> {
        let across = format!("{x} * e.clientWidth / e.naturalWidth");
        let down = format!("{y} * e.clientHeight / e.naturalHeight");
        self.browser.click_in("#screen", &across, &down)
    }

    /// Touches a view and types into it, by the page's keyboard.
    pub fn type_into(&mut self, id: &str, text: &str) -> Result<(), Stop> {
        self.touch(id)?;
        self.browser.click("#keyboard")?;
        self.browser.type_text(text)
    }

    /// Waits until a view with this id is there.
    pub fn shows(&self, id: &str) -> Result<(), Stop> {
        self.until(&format!("a view {id}"), |tree| find(tree, "id", id))
            .map(|_| ())
    }

    /// Waits until both ledgers are equal by the page's own mark.
    pub fn sees_equal(&mut self) -> Result<(), Stop> {
        self.browser.wait(
            "document.getElementById('equal').className == 'badge equal'",
            PATIENCE,
        )
    }

    /// Waits until the last sale is voided on both sides, and the page says that they agree.
    pub fn voided(&mut self) -> Result<(), Stop> {
        let net = |ledgers: &Value, side: &str| {
            ledgers.get(side)?.as_array()?.last()?.get("net")?.as_i64()
        };
        let begun = Instant::now();
        loop {
            let ledgers = self.ask("ledgers")?;
            if net(&ledgers, "terminal") == Some(0) && net(&ledgers, "host") == Some(0) {
                return self.sees_equal();
            }
            if begun.elapsed() > PATIENCE {
                return Err(Stop::failed(format!("the void never arrived: {ledgers}")));
            }
            std::thread::sleep(LOOK);
        }
    }

    /// The page when nothing moves on it any more.
    pub fn still_picture(&mut self) -> Result<Vec<u8>, Stop> {
        self.browser
            .wait("document.getAnimations().length == 0", PATIENCE)?;
        self.browser.picture()
    }

    /// What `GET path` gives programs.
    pub fn ask(&self, path: &str) -> Result<Value, Stop> {
        let target = format!("/{}/{path}", self.token);
        let answer = http::fetch(self.port, "GET", &target, b"", PATIENCE)
            .map_err(|e| Stop::io(path, &e))?;
        serde_json::from_slice(&answer.body).map_err(|e| Stop::failed(format!("{path}: {e}")))
    }

    fn until<T>(&self, what: &str, look: impl Fn(&Value) -> Option<T>) -> Result<T, Stop> {
        let begun = Instant::now();
        loop {
            let tree = self.ask("tree")?;
            if let Some(found) = look(&tree) {
                return Ok(found);
            }
            if begun.elapsed() > PATIENCE {
                return Err(Stop::failed(format!(
                    "the screen never showed {what}: {tree}"
                )));
            }
            std::thread::sleep(LOOK);
        }
    }
}

/// The one enabled view whose `key` is `value`; none while there are several.
fn find(tree: &Value, key: &str, value: &str) -> Option<Place> {
    let mut found = Vec::new();
    collect(tree.get("windows")?, key, value, &mut found);
    match found.as_slice() {
        [bounds] => middle(bounds),
        _ => None,
    }
}

fn collect<'a>(views: &'a Value, key: &str, value: &str, found: &mut Vec<&'a Value>) {
    for view in views.as_array().into_iter().flatten() {
        let enabled = view.get("enabled") != Some(&Value::Bool(false));
        if enabled && view.get(key).and_then(Value::as_str) == Some(value) {
            found.extend(view.get("bounds"));
        }
        if let Some(children) = view.get("children") {
            collect(children, key, value, found);
        }
    }
}

/// Of the screen, in its pixels.
fn height(tree: &Value) -> Option<i64> {
    tree.pointer("/windows/0/bounds/3")?.as_i64()
}

/// Of `[left, top, right, bottom]`.
fn middle(bounds: &Value) -> Option<Place> {
    let side = |index: usize| bounds.get(index).and_then(Value::as_i64);
    let (left, top, right, bottom) = (side(0)?, side(1)?, side(2)?, side(3)?);
    Some(Place {
        x: left.midpoint(right),
        y: top.midpoint(bottom),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_one_enabled_view_is_found_by_its_middle() {
        let tree = json!({ "picture": 7, "windows": [{ "id": "root", "children": [
            { "id": "charge", "text": "收款", "enabled": true, "bounds": [10, 20, 30, 60] },
            { "id": "charge", "text": "收款", "enabled": false, "bounds": [0, 0, 1, 1] },
            { "id": "key_1", "bounds": [0, 0, 2, 2] }, { "id": "key_1", "bounds": [2, 2, 4, 4] },
        ] }] });
        assert_eq!(find(&tree, "id", "charge"), Some(Place { x: 20, y: 40 }));
        assert_eq!(find(&tree, "text", "收款"), Some(Place { x: 20, y: 40 }));
        assert_eq!(find(&tree, "id", "key_1"), None, "two of them");
        assert_eq!(find(&tree, "id", "void"), None);
    }
}
