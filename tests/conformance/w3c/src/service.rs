//! The HTTP server: reads a request, makes its calls, and answers after them.

use crate::Codec;
use crate::call::call;
use crate::field::combined;
use crate::instruction::instructions;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::header::CONTENT_TYPE;
use hyper::header::HeaderValue;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use std::convert::Infallible;
use std::io;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::time::timeout;

const MOST_BODY_BYTES: usize = 1 << 20;
const LONGEST_CALL: Duration = Duration::from_secs(5);

/// The status and text of the answer to a refused request.
type Refusal = (StatusCode, String);

/// Serves each connection to the listener, until the listener fails.
///
/// # Errors
///
/// If no more connections can be accepted.
pub async fn serve(listener: TcpListener, codec: Codec) -> io::Result<()> {
    loop {
        let (stream, _) = listener.accept().await?;
        let answers = service_fn(move |request| answer(request, codec));
        // Errors of one connection are left to its client.
        tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), answers));
    }
}

async fn answer(request: Request<Incoming>, codec: Codec) -> Result<Response<Full<Bytes>>, Infallible> {
    let (status, body) = match carry_out(request, codec).await {
        Ok(()) => (StatusCode::OK, serde_json::Value::Null),
        Err((status, reason)) => (status, reason.into()),
    };
    let mut response = Response::new(Full::from(body.to_string()));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    Ok(response)
}

async fn carry_out(request: Request<Incoming>, codec: Codec) -> Result<(), Refusal> {
    if request.method() != Method::POST {
        return Err((StatusCode::METHOD_NOT_ALLOWED, "only POST".to_owned()));
    }
    let received = combined(request.headers());
    let body = Limited::new(request.into_body(), MOST_BODY_BYTES).collect().await;
    let body = body.map_err(|error| (StatusCode::BAD_REQUEST, error.to_string()))?.to_bytes();
    let instructions = instructions(&body)
        .ok_or((StatusCode::BAD_REQUEST, "the body is not a JSON array of calls".to_owned()))?;
    let traces = codec(&received, instructions.len())
        .map_err(|error| (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()))?;
    for (instruction, trace) in instructions.into_iter().zip(&traces) {
        let called = timeout(LONGEST_CALL, call(instruction, trace)).await;
        let called = called.unwrap_or_else(|_| Err("a callback was not answered in time".into()));
        called.map_err(|error| (StatusCode::BAD_GATEWAY, error.to_string()))?;
    }
    Ok(())
}
