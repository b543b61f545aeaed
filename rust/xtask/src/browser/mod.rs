//! Headless Chromium, driven as a person drives it: look at a page, click, read, photograph.

mod websocket;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::child::{Running, bound_to_us};
use crate::fetched::remove;
use crate::stop::Stop;
use websocket::WebSocket;

const STARTS_WITHIN: Duration = Duration::from_secs(60);
/// For an answer to one command.
const PATIENCE: Duration = Duration::from_secs(30);
const MISSING: &str = "Chromium does not start; is it installed? As root: \
                       apt-get install --yes --no-install-recommends chromium fonts-noto-cjk";
const LOOK: Duration = Duration::from_millis(50);
/// What Chromium says of an expression whose page went away under it.
const CUT_OFF: &str = "Inspected target navigated or closed";

/// One page in a browser of its own.
pub struct Browser {
    socket: WebSocket,
    next: u64,
    /// What the page logged as errors, and exceptions that nobody caught.
    errors: Vec<String>,
    folder: PathBuf,
    _running: Running,
}

impl Browser {
    /// Starts Chromium; its profile lies in `folder`, which is removed with it. It lives no
    /// longer than the thread that starts it.
    pub fn start(folder: &Path) -> Result<Self, Stop> {
        Self::start_by("chromium", folder)
    }

    fn start_by(program: &str, folder: &Path) -> Result<Self, Stop> {
        remove(folder)?;
        fs::create_dir_all(folder).map_err(|e| Stop::io(folder.display(), &e))?;
        let mut running = Running::start("chromium", &mut command(program, folder), |_| {})?;
        let port = debugging_port(folder, &mut running)?;
        let socket = WebSocket::connect(port, &page_path(port)?, PATIENCE).map_err(broken)?;
        let folder = folder.to_path_buf();
        let mut browser = Self {
            socket,
            next: 0,
            errors: Vec::new(),
            folder,
            _running: running,
        };
        for domain in ["Page.enable", "Runtime.enable", "Log.enable"] {
            browser.call(domain, json!({}))?;
        }
        Ok(browser)
    }

    /// The size of the window in CSS pixels, `scale` device pixels each.
    pub fn size(&mut self, width: u32, height: u32, scale: u32) -> Result<(), Stop> {
        let size = json!({
            "width": width, "height": height, "deviceScaleFactor": scale, "mobile": false,
        });
        self.call("Emulation.setDeviceMetricsOverride", size)
            .map(|_| ())
    }

    pub fn open(&mut self, url: &str) -> Result<(), Stop> {
        self.call("Page.navigate", json!({ "url": url }))?;
        self.wait("document.readyState == 'complete'", PATIENCE)
    }

    /// The value of an expression; a promise is awaited.
    pub fn read(&mut self, expression: &str) -> Result<Value, Stop> {
        let question = json!({
            "expression": expression, "awaitPromise": true, "returnByValue": true,
        });
        let answer = self.call("Runtime.evaluate", question)?;
        match answer.get("exceptionDetails") {
            Some(details) => Err(Stop::failed(format!("{expression}: {details}"))),
            None => Ok(answer.pointer("/result/value").cloned().unwrap_or_default()),
        }
    }

    /// Waits until an expression is true.
    pub fn wait(&mut self, condition: &str, patience: Duration) -> Result<(), Stop> {
        let begun = Instant::now();
        while !self.holds(condition)? {
            if begun.elapsed() > patience {
                return Err(Stop::failed(format!(
                    "after {patience:?} still not: {condition}"
                )));
            }
            thread::sleep(LOOK);
        }
        Ok(())
    }

    /// Whether it is true by now; a page that loads at this moment has nothing yet.
    fn holds(&mut self, condition: &str) -> Result<bool, Stop> {
        match self.read(condition) {
            Err(stop) if stop.to_string().contains(CUT_OFF) => Ok(false),
            read => Ok(read? == Value::Bool(true)),
        }
    }

    /// Clicks into the middle of the one element that the selector names.
    pub fn click(&mut self, selector: &str) -> Result<(), Stop> {
        self.click_in(selector, "e.offsetWidth / 2", "e.offsetHeight / 2")
    }

    /// Clicks into the one element `e`, so many pixels from its left and its top, each an
    /// expression of the page's language.
    pub fn click_in(&mut self, selector: &str, across: &str, down: &str) -> Result<(), Stop> {
        let [x, y] = self.place(selector, across, down)?;
        for kind in ["mouseMoved", "mousePressed", "mouseReleased"] {
            let event = json!({ "type": kind, "x": x, "y": y, "button": "left", "clickCount": 1 });
            self.call("Input.dispatchMouseEvent", event)?;
        }
        Ok(())
    }

    /// Turns the wheel by one step over the middle of an element; down the page if positive.
    pub fn wheel(&mut self, selector: &str, step: i32) -> Result<(), Stop> {
        let [x, y] = self.place(selector, "e.offsetWidth / 2", "e.offsetHeight / 2")?;
        let event = json!({ "type": "mouseWheel", "x": x, "y": y, "deltaX": 0, "deltaY": step });
        self.call("Input.dispatchMouseEvent", event).map(|_| ())
    }

    fn place(&mut self, selector: &str, across: &str, down: &str) -> Result<[Value; 2], Stop> {
        let quoted = Value::from(selector);
        let script = format!(
            "(() => {{ const all = document.querySelectorAll({quoted}); \
             if (all.length != 1) throw Error(all.length + ' elements'); \
             const e = all[0]; e.scrollIntoView({{block: 'nearest'}}); \
             const box = e.getBoundingClientRect(); \
             return [box.x + {across}, box.y + {down}]; }})()"
        );
        let place = self.read(&script)?;
        let place = place
            .as_array()
            .and_then(|both| <[Value; 2]>::try_from(both.clone()).ok());
        place.ok_or_else(|| Stop::failed(format!("{selector} has no place")))
    }

    /// Chooses one of a list's values, and the page hears of it as from a person.
    pub fn choose(&mut self, selector: &str, value: &str) -> Result<(), Stop> {
        let (quoted, wanted) = (Value::from(selector), Value::from(value));
        let script = format!(
            "(() => {{ const list = document.querySelector({quoted}); list.value = {wanted}; \
             list.dispatchEvent(new Event('change')); return list.value; }})()"
        );
        if self.read(&script)? == wanted {
            return Ok(());
        }
        Err(Stop::failed(format!("{selector} has no {value}")))
    }

    /// Types into the focused element.
    pub fn type_text(&mut self, text: &str) -> Result<(), Stop> {
        self.call("Input.insertText", json!({ "text": text }))
            .map(|_| ())
    }

    /// What went wrong in the page since the last time it was asked.
    pub fn errors(&mut self) -> Vec<String> {
        std::mem::take(&mut self.errors)
    }

    /// The window as PNG.
    pub fn picture(&mut self) -> Result<Vec<u8>, Stop> {
        let answer = self.call("Page.captureScreenshot", json!({ "format": "png" }))?;
        let data = answer.get("data").and_then(Value::as_str);
        data.and_then(base64)
            .ok_or_else(|| Stop::failed("the browser gave no picture"))
    }

    fn call(&mut self, method: &str, params: Value) -> Result<Value, Stop> {
        self.next += 1;
        let id = self.next;
        let command = json!({ "id": id, "method": method, "params": params });
        self.socket.send(&command.to_string()).map_err(broken)?;
        loop {
            let text = self.socket.receive().map_err(broken)?;
            let message: Value =
                serde_json::from_str(&text).map_err(|e| Stop::failed(format!("browser: {e}")))?;
            if message.get("id") != Some(&Value::from(id)) {
                self.errors.extend(error(&message));
                continue;
            }
            return match message.get("error") {
                Some(error) => Err(Stop::failed(format!("{method}: {error}"))),
                None => Ok(message.get("result").cloned().unwrap_or_default()),
            };
        }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // Best effort: the folder lies below the temporary or the target folder.
        let _ = self._running.kill();
        let _ = remove(&self.folder);
    }
}

fn command(program: &str, folder: &Path) -> Command {
    let mut command = bound_to_us(program);
    command
        .args([
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--hide-scrollbars",
        ])
        .args([
            "--no-first-run",
            "--disable-dev-shm-usage",
            "--disable-extensions",
        ])
        .args([
            "--disable-background-networking",
            "--force-color-profile=srgb",
        ])
        .args(["--log-level=3", "--remote-debugging-port=0"])
        .args(["--lang=zh-CN", "--accept-lang=zh-CN"])
        .arg(format!("--user-data-dir={}", folder.display()))
        .arg("about:blank")
        .stderr(std::process::Stdio::null());
    command
}

/// Chromium writes its port into a file as soon as it listens.
fn debugging_port(folder: &Path, running: &mut Running) -> Result<u16, Stop> {
    let file = folder.join("DevToolsActivePort");
    let begun = Instant::now();
    while begun.elapsed() < STARTS_WITHIN {
        let text = fs::read_to_string(&file).unwrap_or_default();
        if let Some((port, _)) = text.split_once('\n') {
            return port.parse().map_err(|_| Stop::failed("chromium: no port"));
        }
        if !running.is_alive() {
            return Err(Stop::usage(MISSING));
        }
        thread::sleep(LOOK);
    }
    Err(Stop::failed("chromium did not start"))
}

/// The WebSocket path of its one page.
fn page_path(port: u16) -> Result<String, Stop> {
    let list = crate::http::fetch(port, "GET", "/json/list", b"", PATIENCE).map_err(broken)?;
    let list: Value = serde_json::from_slice(&list.body).unwrap_or_default();
    let page = list
        .as_array()
        .into_iter()
        .flatten()
        .find(|t| t.get("type") == Some(&"page".into()));
    let url = page.and_then(|page| page.get("webSocketDebuggerUrl")?.as_str());
    let path = url
        .and_then(|url| url.split_once("/devtools/"))
        .map(|(_, rest)| rest);
    path.map(|rest| format!("/devtools/{rest}"))
        .ok_or_else(|| Stop::failed("chromium: no page"))
}

/// The text of an event that reports an error.
fn error(event: &Value) -> Option<String> {
    let found = match event.get("method").and_then(Value::as_str)? {
        "Runtime.exceptionThrown" => event.pointer("/params/exceptionDetails")?,
        // A request that fails is no error of the page: the app may be down on purpose.
        "Log.entryAdded"
            if event.pointer("/params/entry/level")? == "error"
                && event.pointer("/params/entry/source")? != "network" =>
        {
            event.pointer("/params/entry")?
        }
        "Runtime.consoleAPICalled" if event.pointer("/params/type")? == "error" => {
            event.pointer("/params/args")?
        }
        _ => return None,
    };
    Some(found.to_string())
}

fn broken(error: std::io::Error) -> Stop {
    Stop::io("the browser", &error)
}

/// Decodes base64 without line breaks; None when it is none.
fn base64(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let (mut bits, mut count) = (0_u32, 0_u32);
    for character in text.trim_end_matches('=').bytes() {
        let value = match character {
            b'A'..=b'Z' => character - b'A',
            b'a'..=b'z' => character - b'a' + 26,
            b'0'..=b'9' => character - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        bits = (bits & 0xff) << 6 | u32::from(value);
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from(bits >> count & 0xff).ok()?);
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_chromium_the_person_is_told_what_to_install() {
        let folder = std::env::temp_dir().join(format!("xtask-{}-bare", std::process::id()));
        let Err(Stop::Usage(told)) = Browser::start_by("no-such-chromium", &folder) else {
            panic!("it started");
        };
        assert!(told.contains("apt-get install"), "{told}");
        remove(&folder).unwrap();
    }

    #[test]
    fn base64_of_every_rest() {
        for (text, bytes) in [("", ""), ("Zg==", "f"), ("Zm8=", "fo"), ("Zm9v", "foo")] {
            assert_eq!(base64(text).as_deref(), Some(bytes.as_bytes()), "{text}");
        }
        assert_eq!(base64("+/8="), Some(vec![0xfb, 0xff]));
        assert_eq!(base64("a b"), None);
    }
}
