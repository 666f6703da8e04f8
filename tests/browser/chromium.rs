//! A headless Chromium that is told what to do over its pipe: messages of the `DevTools` protocol, each ended by a zero.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde_json::{Value, json};

/// The browser reads from descriptor 3 and writes to descriptor 4.
const ON_PIPE: &str = r#"exec "$0" "$@" 3<&0 4>&1 </dev/null >/dev/null 2>&1"#;

/// A browser, which ends with the value.
pub(crate) struct Chromium {
    process: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    next: u64,
    session: Option<String>,
    /// What it told without being asked.
    pub(crate) events: Vec<Value>,
    /// Its own folder, which goes away with it.
    _profile: tempfile::TempDir,
}

impl Chromium {
    /// Starts one with an empty page.
    pub(crate) fn start() -> Self {
        let program = std::env::var("GRANTLINT_CHROMIUM").unwrap_or_else(|_| String::from("chromium"));
        let profile = tempfile::tempdir().unwrap();
        let mut process = Command::new("sh")
            .args([
                "-c",
                ON_PIPE,
                &program,
                "--headless",
                "--remote-debugging-pipe",
                "--disable-gpu",
                "--hide-scrollbars",
            ])
            // The sandbox needs rights that a container does not have; the pages are those of these tests.
            .args(["--no-sandbox", "--disable-dev-shm-usage", "--no-first-run"])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .arg("about:blank")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (input, output) = (process.stdin.take().unwrap(), BufReader::new(process.stdout.take().unwrap()));
        let mut own = Self { process, input, output, next: 0, session: None, events: Vec::new(), _profile: profile };
        let target = own.call("Target.createTarget", &json!({ "url": "about:blank" }))["targetId"].clone();
        let session = own.call("Target.attachToTarget", &json!({ "targetId": target, "flatten": true }));
        own.session = Some(session["sessionId"].as_str().unwrap().to_owned());
        own
    }

    /// Calls a method, and gives its result.
    pub(crate) fn call(&mut self, method: &str, parameters: &Value) -> Value {
        self.next += 1;
        let mut message = json!({ "id": self.next, "method": method, "params": parameters });
        if let Some(session) = &self.session {
            message["sessionId"] = json!(session);
        }
        self.input.write_all(format!("{message}\0").as_bytes()).expect("Chromium has ended");
        self.input.flush().unwrap();
        loop {
            let mut told = self.read();
            if told["id"] == self.next {
                assert!(told.get("error").is_none(), "{method}: {told}");
                return told["result"].take();
            }
            self.events.push(told);
        }
    }

    /// Reads until an event comes.
    pub(crate) fn wait(&mut self, event: &str) {
        loop {
            if let Some(at) = self.events.iter().position(|told| told["method"] == event) {
                self.events.remove(at);
                return;
            }
            let told = self.read();
            self.events.push(told);
        }
    }

    fn read(&mut self) -> Value {
        let mut bytes = Vec::new();
        self.output.read_until(0, &mut bytes).unwrap();
        assert_eq!(bytes.pop(), Some(0), "Chromium has ended, or could not be started: set GRANTLINT_CHROMIUM");
        serde_json::from_slice(&bytes).unwrap()
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
