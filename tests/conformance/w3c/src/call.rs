//! One call to another service.

use crate::field::{Field, lines};
use crate::instruction::Instruction;
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1;
use hyper::header::{CONTENT_TYPE, HOST, HeaderValue};
use hyper::{Request, http};
use hyper_util::rt::TokioIo;
use std::error::Error;
use tokio::net::TcpStream;

/// Posts the arguments of the instruction with these trace headers, and waits for the answer.
pub(crate) async fn call(
    instruction: Instruction,
    trace: &[Field],
) -> Result<(), Box<dyn Error + Send + Sync>> {
    let (Some(host), port) = (instruction.url.host(), instruction.url.port_u16().unwrap_or(80)) else {
        return Err("the URL of a callback names no host".into());
    };
    let stream = TcpStream::connect((host.trim_matches(['[', ']']), port)).await?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    // The sender reports errors of the connection.
    tokio::spawn(connection);
    let answer = sender.send_request(request(instruction, trace)?).await?;
    let status = answer.status();
    answer.into_body().collect().await?;
    if status.is_success() { Ok(()) } else { Err(format!("a callback was answered with {status}").into()) }
}

fn request(instruction: Instruction, trace: &[Field]) -> Result<Request<Full<Bytes>>, http::Error> {
    let authority = instruction.url.authority().map_or("", |authority| authority.as_str());
    let host = HeaderValue::from_str(authority)?;
    let target = instruction.url.path_and_query().map_or("/", |target| target.as_str());
    let mut request = Request::post(target).body(Full::from(instruction.arguments))?;
    *request.headers_mut() = lines(trace)?;
    request.headers_mut().insert(HOST, host);
    request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Ok(request)
}
