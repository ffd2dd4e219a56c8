//! `tracebaton-test-w3c rust|c [PORT]`: listens on the loopback address, prints its endpoint, and serves until it is
//! killed.

use std::io;
use std::net::Ipv4Addr;
use std::process::ExitCode;
use tokio::net::TcpListener;
use tracebaton_test_w3c::{Codec, c_codec, rust_codec, serve};

const USAGE: &str = "usage: tracebaton-test-w3c rust|c [PORT]";

fn main() -> ExitCode {
    let Some((codec, port)) = arguments() else {
        eprintln!("{USAGE}");
        return ExitCode::from(2);
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    match runtime.and_then(|runtime| runtime.block_on(run(codec, port))) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("tracebaton-test-w3c: {error}");
            ExitCode::FAILURE
        }
    }
}

/// The codec and the port. Port 0, the default, is any free port.
fn arguments() -> Option<(Codec, u16)> {
    let arguments: Vec<_> = std::env::args().skip(1).collect();
    let (form, port) = match arguments.as_slice() {
        [form] => (form, 0),
        [form, port] => (form, port.parse().ok()?),
        _ => return None,
    };
    match form.as_str() {
        "rust" => Some((rust_codec::callbacks, port)),
        "c" => Some((c_codec::callbacks, port)),
        _ => None,
    }
}

async fn run(codec: Codec, port: u16) -> io::Result<()> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .await
        .map_err(|error| io::Error::new(error.kind(), format!("cannot listen on port {port}: {error}")))?;
    println!("http://{}/test", listener.local_addr()?);
    serve(listener, codec).await
}
