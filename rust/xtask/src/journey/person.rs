//! A person before the page: sees the terminal's screen, touches it, uses the counter.

use std::time::{Duration, Instant};

use serde_json::Value;

use crate::browser::Browser;
use crate::http::{self, Answer};
use crate::stop::Stop;

/// For whatever the terminal does, a slow start on a busy machine included.
const PATIENCE: Duration = Duration::from_secs(60);

/// For a void that goes out by itself: its pause between two tries may have become long.
const DELIVERY: Duration = Duration::from_secs(180);
/// Steps of the wheel until a view that is there must have come into sight.
const SCROLLS: usize = 20;
/// Looks until something that scrolls must have come to rest.
const SETTLES: usize = 100;
/// News and screens on top of the home screen, at most.
const SCREENS: usize = 10;
/// A view that the home screen alone has.
const HOME: &str = "home_records";
const NEWS: &str = "news_close";
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
    /// 0 in sight, 1 below what is in sight, -1 above it.
    hidden: i32,
}

/// Left, top, right, bottom.
type Bounds = [i64; 4];
const EVERYWHERE: Bounds = [i64::MIN, i64::MIN, i64::MAX, i64::MAX];

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

    /// Touches the one view with this id, when it is there, by clicking on the picture; what
    /// is out of sight is brought into it by the wheel.
    pub fn touch(&mut self, id: &str) -> Result<(), Stop> {
        self.touch_view("id", id)
    }

    /// The same with the one view that says exactly this.
    pub fn touch_words(&mut self, words: &str) -> Result<(), Stop> {
        self.touch_view("text", words)
    }

    /// Closes what the news say, and goes back, screen by screen, until the home screen is there.
    pub fn home(&mut self) -> Result<(), Stop> {
        for _ in 0..SCREENS {
            let tree = self.ask("tree")?;
            if find(&tree, "id", NEWS).is_some() {
                self.touch(NEWS)?;
                continue;
            }
            if find(&tree, "id", HOME).is_some() {
                return Ok(());
            }
            self.browser.click("#back")?;
            let before = tree.get("picture").and_then(Value::as_i64);
            self.until("another screen", |tree| {
                let now = tree.get("picture").and_then(Value::as_i64);
                (now > before).then_some(())
            })?;
        }
        Err(Stop::failed("there is no way back to the home screen"))
    }

    fn touch_view(&mut self, key: &str, id: &str) -> Result<(), Stop> {
        for _ in 0..SCROLLS {
            let (place, picture) = self.at_rest(key, id)?;
            if place.hidden == 0 {
                self.sees(picture)?;
                return self.touch_at(&place);
            }
            self.browser.wheel("#screen", place.hidden * 100)?;
        }
        Err(Stop::failed(format!("{id} does not come into sight")))
    }

    /// Where a view is when it stays there, since the screen may be scrolling; and the number
    /// of the picture that shows it there.
    fn at_rest(&self, key: &str, id: &str) -> Result<(Place, i64), Stop> {
        let look = || {
            self.until(&format!("a view {id}"), |tree| {
                Some((find(tree, key, id)?, tree.get("picture")?.as_i64()?))
            })
        };
        let (mut place, _) = look()?;
        for _ in 0..SETTLES {
            std::thread::sleep(LOOK);
            let (next, picture) = look()?;
            if next == place {
                return Ok((place, picture));
            }
            place = next;
        }
        Err(Stop::failed(format!("{id} never comes to rest")))
    }

    /// Waits until the page shows this picture or a later one: nobody touches what is not seen.
    fn sees(&mut self, picture: i64) -> Result<(), Stop> {
        let shown = "document.getElementById('screen').dataset.picture";
        let lit = "document.getElementById('off').hidden";
        self.browser
            .wait(&format!("{lit} && {shown} >= {picture}"), PATIENCE)
    }

    fn touch_at(&mut self, Place { x, y, .. }: &Place) -> Result<(), Stop> {
        let across = format!("{x} * e.clientWidth / e.naturalWidth");
        let down = format!("{y} * e.clientHeight / e.naturalHeight");
        self.browser.click_in("#screen", &across, &down)
    }

    /// Touches a view and types into it, by the page's keyboard.
    pub fn type_into(&mut self, id: &str, text: &str) -> Result<(), Stop> {
        self.touch(id)?;
        let focused = |tree: &Value| (focus(tree)? == id).then_some(());
        self.until(&format!("the cursor in {id}"), focused)?;
        self.browser.click("#keyboard")?;
        self.browser.type_text(text)
    }

    /// Waits until a view with this id is there.
    pub fn shows(&self, id: &str) -> Result<(), Stop> {
        self.until(&format!("a view {id}"), |tree| find(tree, "id", id))
            .map(|_| ())
    }

    /// Presents a card as soon as the terminal waits for one.
    pub fn presents(&mut self, card: &str) -> Result<(), Stop> {
        self.counter("waits_for_card")?;
        self.browser.click(&format!("[data-word={card}]"))
    }

    /// Waits until the simulated hardware says so.
    pub fn counter(&self, says: &str) -> Result<(), Stop> {
        let begun = Instant::now();
        while self.ask("counter")?.get(says) != Some(&Value::Bool(true)) {
            if begun.elapsed() > PATIENCE {
                return Err(Stop::failed(format!("the terminal never {says}")));
            }
            std::thread::sleep(LOOK);
        }
        Ok(())
    }

    /// Waits until no view with this id is there any more.
    pub fn misses(&self, id: &str) -> Result<(), Stop> {
        let gone = |tree: &Value| find(tree, "id", id).is_none().then_some(());
        self.until(&format!("a screen without {id}"), gone)
    }

    /// Waits until the view with this id is described by words that contain `words`.
    pub fn reads(&self, id: &str, words: &str) -> Result<(), Stop> {
        let described = |tree: &Value| {
            let mut described = false;
            visit(tree.get("windows")?, EVERYWHERE, &mut |view, _| {
                let of_view = |key: &str| view.get(key).and_then(Value::as_str);
                described |= of_view("id") == Some(id)
                    && of_view("description").is_some_and(|text| text.contains(words));
            });
            described.then_some(())
        };
        self.until(&format!("{id} with {words:?}"), described)
    }

    /// Waits until the newest sale has this amount in both ledgers on the page, and its own
    /// mark says that they are equal.
    pub fn sees_equal(&mut self, amount: &str) -> Result<(), Stop> {
        let seen = format!(
            "document.getElementById('equal').className == 'badge equal' && \
             ['terminal', 'host'].every(side => '¥ {amount}' == \
             document.querySelector(`#${{side}}-ledger li .net`)?.textContent)"
        );
        self.browser.wait(&seen, DELIVERY).map_err(|stop| {
            let ledgers = self
                .ask("ledgers")
                .map_or_else(|e| e.to_string(), |l| l.to_string());
            Stop::failed(format!("{stop}: {ledgers}"))
        })
    }

    /// The page when it shows what the terminal shows, and nothing moves on it any more.
    pub fn still_picture(&mut self) -> Result<Vec<u8>, Stop> {
        if let Some(number) = self.ask("tree")?.get("picture").and_then(Value::as_i64) {
            self.sees(number)?;
        }
        self.browser
            .wait("document.getAnimations().length == 0", PATIENCE)?;
        self.browser.picture()
    }

    /// What `GET path` gives programs.
    pub fn ask(&self, path: &str) -> Result<Value, Stop> {
        let answer = self.fetch("GET", path, b"")?;
        serde_json::from_slice(&answer.body).map_err(|e| Stop::failed(format!("{path}: {e}")))
    }

    /// The picture for programs, with its number: the next one after `seen`, or the one now.
    pub fn picture(&self, seen: Option<u64>) -> Result<(u64, Vec<u8>), Stop> {
        let after = seen.map(|number| format!("?after={number}"));
        let path = format!("screen.png{}", after.unwrap_or_default());
        let answer = self.fetch("GET", &path, b"")?;
        let number = answer.headers.get("x-picture").and_then(|n| n.parse().ok());
        let number = number.ok_or_else(|| Stop::failed("a picture without a number"))?;
        Ok((number, answer.body))
    }

    /// What `POST path` answers to programs; an error unless it is done.
    pub fn order(&self, path: &str, body: &Value) -> Result<(), Stop> {
        let answer = self.fetch("POST", path, body.to_string().as_bytes())?;
        match answer.status {
            200 => Ok(()),
            status => Err(Stop::failed(format!(
                "{path} {body}: {status} {}",
                String::from_utf8_lossy(&answer.body)
            ))),
        }
    }

    fn fetch(&self, method: &str, path: &str, body: &[u8]) -> Result<Answer, Stop> {
        let target = format!("/{}/{path}", self.token);
        http::fetch(self.port, method, &target, body, PATIENCE).map_err(|e| Stop::io(path, &e))
    }

    fn until<T>(&self, what: &str, look: impl Fn(&Value) -> Option<T>) -> Result<T, Stop> {
        let begun = Instant::now();
        loop {
            let tree = self.ask("tree")?;
            if let Some(found) = look(&tree) {
                return Ok(found);
            }
            if begun.elapsed() > PATIENCE {
                let told = told(&tree);
                return Err(Stop::failed(format!(
                    "the screen never showed {what}, but: {told}"
                )));
            }
            std::thread::sleep(LOOK);
        }
    }
}

/// The one enabled view whose `key` is `value`; none while there are several.
fn find(tree: &Value, key: &str, value: &str) -> Option<Place> {
    let mut found = Vec::new();
    let windows = tree.get("windows")?;
    visit(windows, EVERYWHERE, &mut |view, sight| {
        let enabled = view.get("enabled") != Some(&Value::Bool(false));
        if enabled && view.get(key).and_then(Value::as_str) == Some(value) {
            found.extend(bounds(view).map(|bounds| middle(bounds, sight)));
        }
    });
    let place = found.pop();
    place.filter(|_| found.is_empty())
}

/// Shows each view with what is in sight of the views around it.
fn visit(views: &Value, sight: Bounds, look: &mut dyn FnMut(&Value, Bounds)) {
    for view in views.as_array().into_iter().flatten() {
        look(view, sight);
        let inner = bounds(view).map_or(sight, |bounds| common(bounds, sight));
        if let Some(children) = view.get("children") {
            visit(children, inner, look);
        }
    }
}

fn bounds(view: &Value) -> Option<Bounds> {
    let sides: Vec<i64> = view
        .get("bounds")?
        .as_array()?
        .iter()
        .filter_map(Value::as_i64)
        .collect();
    sides.try_into().ok()
}

fn common([a, b, c, d]: Bounds, [e, f, g, h]: Bounds) -> Bounds {
    [a.max(e), b.max(f), c.min(g), d.min(h)]
}

fn middle([left, top, right, bottom]: Bounds, [_, above, _, below]: Bounds) -> Place {
    let (x, y) = (left.midpoint(right), top.midpoint(bottom));
    Place {
        x,
        y,
        hidden: i32::from(y >= below) - i32::from(y < above),
    }
}

/// The id of the view that has the cursor.
fn focus(tree: &Value) -> Option<String> {
    let mut focus = None;
    visit(tree.get("windows")?, EVERYWHERE, &mut |view, _| {
        if view.get("focused") == Some(&Value::Bool(true)) {
            focus = view.get("id").and_then(Value::as_str).map(str::to_owned);
        }
    });
    focus
}

/// What the screen shows, in short: `id "text"` of each view that has either.
fn told(tree: &Value) -> String {
    let mut told = Vec::new();
    visit(
        tree.get("windows").unwrap_or(&Value::Null),
        EVERYWHERE,
        &mut |view, _| {
            let text = |key: &str| view.get(key).and_then(Value::as_str).unwrap_or_default();
            match (text("id"), text("text")) {
                ("", "") => {}
                (id, text) => told.push(format!("{id} {text:?}").trim_start().to_owned()),
            }
        },
    );
    told.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_one_enabled_view_is_found_by_its_middle() {
        let tree = json!({ "windows": [{ "bounds": [0, 0, 100, 100], "children": [
            { "id": "charge", "text": "收款", "enabled": true, "bounds": [10, 20, 30, 60] },
            { "id": "charge", "text": "收款", "enabled": false, "bounds": [0, 0, 1, 1] },
            { "id": "key_1", "bounds": [0, 0, 2, 2] }, { "id": "key_1", "bounds": [2, 2, 4, 4] },
        ] }] });
        let place = Some(Place {
            x: 20,
            y: 40,
            hidden: 0,
        });
        assert_eq!(find(&tree, "id", "charge"), place);
        assert_eq!(find(&tree, "text", "收款"), place);
        assert_eq!(find(&tree, "id", "key_1"), None, "two of them");
        assert_eq!(find(&tree, "id", "void"), None);
        assert_eq!(
            told(&tree),
            "charge \"收款\", charge \"收款\", key_1 \"\", key_1 \"\""
        );
    }

    #[test]
    fn what_is_scrolled_away_is_out_of_sight() {
        let scrolled = |top: i64| {
            let view = json!({ "id": "a", "bounds": [0, top, 10, top + 10] });
            let list = json!({ "bounds": [0, 20, 10, 60], "children": [view] });
            json!({ "windows": [{ "bounds": [0, 0, 10, 100], "children": [list] }] })
        };
        let hidden = |top: i64| find(&scrolled(top), "id", "a").map(|place| place.hidden);
        assert_eq!(hidden(30), Some(0));
        assert_eq!(
            hidden(70),
            Some(1),
            "it would touch what lies below the list"
        );
        assert_eq!(hidden(5), Some(-1));
    }
}
