//! One page in the browser, as a person uses it.

use std::path::Path;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::chromium::Chromium;

/// So often is asked whether something has come about, every 50 milliseconds.
const TRIES: usize = 200;

/// A page of a file.
pub(crate) struct Tab {
    browser: Chromium,
    complaints: Vec<String>,
}

impl Tab {
    /// Opens a file.
    pub(crate) fn open(file: &Path) -> Self {
        let mut tab = Self { browser: Chromium::start(), complaints: Vec::new() };
        for domain in ["Page", "Runtime", "Log", "Network"] {
            tab.browser.call(&format!("{domain}.enable"), &json!({}));
        }
        tab.browser.call("Page.navigate", &json!({ "url": format!("file://{}", file.display()) }));
        tab.browser.wait("Page.loadEventFired");
        tab
    }

    pub(crate) fn reload(&mut self) {
        self.browser.call("Page.reload", &json!({}));
        self.browser.wait("Page.loadEventFired");
    }

    /// The page's own script no longer runs.
    pub(crate) fn without_script(&mut self) {
        self.browser.call("Emulation.setScriptExecutionDisabled", &json!({ "value": true }));
    }

    /// What an expression comes to.
    pub(crate) fn evaluate(&mut self, expression: &str) -> Value {
        let parameters =
            json!({ "expression": expression, "returnByValue": true, "awaitPromise": true, "replMode": true });
        let mut result = self.browser.call("Runtime.evaluate", &parameters);
        assert!(result.get("exceptionDetails").is_none(), "{expression}: {result}");
        result["result"]["value"].take()
    }

    pub(crate) fn is(&mut self, expression: &str) -> bool {
        self.evaluate(expression).as_bool().unwrap()
    }

    pub(crate) fn number(&mut self, expression: &str) -> usize {
        let value = self.evaluate(&format!("Math.trunc({expression})"));
        usize::try_from(value.as_i64().unwrap()).unwrap()
    }

    pub(crate) fn text(&mut self, expression: &str) -> String {
        self.evaluate(expression).as_str().unwrap().to_owned()
    }

    /// Waits until an expression holds.
    pub(crate) fn wait_for(&mut self, expression: &str) {
        for _ in 0..TRIES {
            if self.is(expression) {
                return;
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        panic!("it has not come about: {expression}");
    }

    /// Chooses an option of a field of the form.
    pub(crate) fn choose(&mut self, field: &str, value: &str) {
        let (field, value) = (json!(field), json!(value));
        self.evaluate(&format!(
            "{{ const own = document.getElementById({field}); own.value = {value}; \
             own.dispatchEvent(new Event('input', {{ bubbles: true }})); }}"
        ));
    }

    /// Presses the button that shows all.
    pub(crate) fn reset(&mut self) {
        self.evaluate("document.querySelector('#filter button').click()");
    }

    pub(crate) fn focus(&mut self, selector: &str) {
        self.evaluate(&format!("document.querySelector({}).focus()", json!(selector)));
    }

    pub(crate) fn type_text(&mut self, text: &str) {
        self.browser.call("Input.insertText", &json!({ "text": text }));
    }

    /// Presses a key: `Tab` or `Enter`.
    pub(crate) fn press(&mut self, key: &str) {
        let (code, text) = if key == "Enter" { (13, "\r") } else { (9, "") };
        for kind in ["keyDown", "keyUp"] {
            let text = if kind == "keyDown" { text } else { "" };
            let event = json!({ "type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code, "text": text });
            self.browser.call("Input.dispatchKeyEvent", &event);
        }
    }

    /// Sees the page in a scheme and a width.
    pub(crate) fn look(&mut self, scheme: &str, width: usize) {
        let metrics = json!({ "width": width, "height": 1400, "deviceScaleFactor": 1, "mobile": false });
        self.browser.call("Emulation.setDeviceMetricsOverride", &metrics);
        let features = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
        self.browser.call("Emulation.setEmulatedMedia", &json!({ "media": "", "features": features }));
    }

    /// Sees the page as it is printed.
    pub(crate) fn printed_look(&mut self) {
        self.browser.call("Emulation.setEmulatedMedia", &json!({ "media": "print" }));
    }

    /// What is to be seen of the whole page, as PNG; left for people under a name.
    pub(crate) fn screenshot(&mut self, name: &str) -> Vec<u8> {
        let taken = self.browser.call("Page.captureScreenshot", &json!({ "captureBeyondViewport": true }));
        leave(&format!("{name}.png"), &taken["data"])
    }

    /// The page as PDF; left for people under a name.
    pub(crate) fn pdf(&mut self, name: &str) -> Vec<u8> {
        let parameters = json!({ "preferCSSPageSize": true, "printBackground": true });
        let printed = self.browser.call("Page.printToPDF", &parameters);
        leave(&format!("{name}.pdf"), &printed["data"])
    }

    /// What the browser complained about: errors, warnings, what the policy of the page refused, and anything that the
    /// page tried to load beside itself.
    pub(crate) fn complaints(&mut self) -> Vec<String> {
        self.evaluate("0");
        for event in self.browser.events.drain(..) {
            let is_bad = match event["method"].as_str() {
                Some("Log.entryAdded" | "Runtime.consoleAPICalled" | "Runtime.exceptionThrown") => true,
                Some("Network.requestWillBeSent") => {
                    !event["params"]["request"]["url"].as_str().unwrap().starts_with("file://")
                }
                _ => false,
            };
            if is_bad {
                self.complaints.push(event["params"].to_string());
            }
        }
        self.complaints.clone()
    }

    /// What was complained about is what the test wanted.
    pub(crate) fn forgive(&mut self) {
        self.complaints.clear();
    }
}

fn leave(name: &str, data: &Value) -> Vec<u8> {
    let bytes = STANDARD.decode(data.as_str().unwrap()).unwrap();
    if let Some(folder) = std::env::var_os("GRANTLINT_SCREENSHOTS") {
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(Path::new(&folder).join(name), &bytes).unwrap();
    }
    bytes
}

/// How many pages a PDF has.
pub(crate) fn pdf_pages(pdf: &[u8]) -> usize {
    assert!(pdf.starts_with(b"%PDF-"));
    String::from_utf8_lossy(pdf).matches("/Type /Page\n").count()
}
