//! The part of the suite's harness: posts requests as raw bytes, and receives the callbacks.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// The service, as a separate process.
pub struct Service {
    process: Child,
    pub endpoint: String,
}

impl Service {
    pub fn start(form: &str) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_tracebaton-test-w3c"));
        let mut process = command.arg(form).stdout(Stdio::piped()).spawn().unwrap();
        let mut endpoint = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut endpoint).unwrap();
        Self { process, endpoint: endpoint.trim_end().to_owned() }
    }

    fn address(&self) -> SocketAddr {
        self.endpoint.trim_start_matches("http://").trim_end_matches("/test").parse().unwrap()
    }

    /// Sends these bytes, and returns the whole answer with its status line.
    pub fn exchange(&self, request: &[u8]) -> String {
        let mut stream = TcpStream::connect(self.address()).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
        stream.write_all(request).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    /// Posts this body with these header lines, which are written unchanged.
    pub fn post(&self, lines: &[(&[u8], &[u8])], body: &str) -> String {
        let mut request = b"POST /test HTTP/1.1\r\nHost: service\r\nConnection: close\r\n".to_vec();
        for (name, value) in lines {
            request.extend([*name, b":", *value, b"\r\n"].concat());
        }
        request.extend(format!("Content-Length: {}\r\n\r\n{body}", body.len()).bytes());
        self.exchange(&request)
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

/// One request that the harness received.
#[derive(Clone, Debug)]
pub struct Received {
    pub target: String,
    pub lines: Vec<(String, String)>,
    pub body: String,
}

impl Received {
    /// The value of the only line with this name; `None` if there is none.
    pub fn value(&self, name: &str) -> Option<&str> {
        let mut values = self.lines.iter().filter(|line| line.0.eq_ignore_ascii_case(name));
        let value = values.next().map(|line| line.1.as_str());
        assert!(values.next().is_none(), "several lines of {name}: {:?}", self.lines);
        value
    }
}

/// Receives callbacks.
pub struct Harness {
    address: SocketAddr,
    received: Arc<Mutex<Vec<Received>>>,
}

impl Harness {
    /// A harness that waits this long before it answers a callback.
    pub fn start(delay: Duration) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let received = Arc::default();
        let keep = Arc::clone(&received);
        thread::spawn(move || {
            for stream in listener.incoming() {
                receive(&stream.unwrap(), delay, &keep).unwrap();
            }
        });
        Self { address, received }
    }

    pub fn url(&self, callback: usize) -> String {
        format!("http://{}/scope.{callback}", self.address)
    }

    /// Requests this many callbacks from the service, and returns those received before its answer.
    pub fn request(&self, service: &Service, lines: &[(&[u8], &[u8])], count: usize) -> Vec<Received> {
        let calls = (0..count).map(|callback| call(&self.url(callback), "[]")).collect::<Vec<_>>().join(",");
        let answer = service.post(lines, &format!("[{calls}]"));
        assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
        let received = self.take();
        let targets: Vec<_> = received.iter().map(|callback| callback.target.clone()).collect();
        assert_eq!(targets, (0..count).map(|callback| format!("/scope.{callback}")).collect::<Vec<_>>());
        received
    }

    pub fn take(&self) -> Vec<Received> {
        std::mem::take(&mut self.received.lock().unwrap())
    }
}

/// One element of the body of a request: a URL to call, and the body for it.
pub fn call(url: &str, arguments: &str) -> String {
    format!(r#"{{"url":"{url}","arguments":{arguments}}}"#)
}

fn receive(stream: &TcpStream, delay: Duration, received: &Mutex<Vec<Received>>) -> io::Result<()> {
    let mut reader = BufReader::new(stream);
    let mut head = reader.by_ref().lines();
    let request_line = head.next().unwrap()?;
    let mut lines = Vec::new();
    for line in head {
        let line = line?;
        let Some((name, value)) = line.split_once(':') else { break };
        lines.push((name.to_owned(), value.trim_matches([' ', '\t']).to_owned()));
    }
    let target = request_line.strip_prefix("POST ").unwrap().strip_suffix(" HTTP/1.1").unwrap().to_owned();
    let mut callback = Received { target, lines, body: String::new() };
    let size: u64 = callback.value("content-length").unwrap().parse().unwrap();
    reader.take(size).read_to_string(&mut callback.body)?;
    thread::sleep(delay);
    received.lock().unwrap().push(callback);
    (&*stream)
        .write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Type: application/json\r\n\r\nnull")
}
