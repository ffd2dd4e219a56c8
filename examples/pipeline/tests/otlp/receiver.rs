//! A receiver that gives the same answer to every request, and keeps the requests.

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use prost::Message;
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::thread;

type Requests = Arc<Mutex<Vec<(String, Bytes)>>>;

pub struct Receiver {
    pub url: String,
    requests: Requests,
}

impl Receiver {
    /// Serves until the tests end.
    pub fn answering(status: u16, body: impl Into<Bytes>) -> Self {
        let (requests, body) = (Requests::default(), body.into());
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let kept = requests.clone();
        thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build().unwrap();
            runtime.block_on(serve(listener, kept, (status, body)))
        });
        Self { url, requests }
    }

    /// The received spans.
    pub fn received(&self) -> Vec<ExportTraceServiceRequest> {
        self.decoded("/v1/traces")
    }

    /// The received metrics.
    pub fn metrics(&self) -> Vec<ExportMetricsServiceRequest> {
        self.decoded("/v1/metrics")
    }

    /// Paths and queries of the requests.
    pub fn paths(&self) -> Vec<String> {
        self.requests.lock().unwrap().iter().map(|(path, _)| path.clone()).collect()
    }

    fn decoded<T: Message + Default>(&self, path: &str) -> Vec<T> {
        let requests = self.requests.lock().unwrap();
        let of_path = requests.iter().filter(|(other, _)| other == path);
        of_path.map(|(_, body)| T::decode(&body[..]).unwrap()).collect()
    }
}

async fn serve(listener: TcpListener, requests: Requests, answer: (u16, Bytes)) {
    let listener = tokio::net::TcpListener::from_std(listener).unwrap();
    while let Ok((stream, _)) = listener.accept().await {
        let (requests, answer) = (requests.clone(), answer.clone());
        let service = service_fn(move |request| keep(request, requests.clone(), answer.clone()));
        tokio::spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    }
}

async fn keep(
    request: Request<Incoming>,
    requests: Requests,
    (status, answer): (u16, Bytes),
) -> hyper::Result<Response<Full<Bytes>>> {
    let path = request.uri().path_and_query().map(ToString::to_string).unwrap_or_default();
    let body = request.into_body().collect().await?.to_bytes();
    requests.lock().unwrap().push((path, body));
    Ok(Response::builder().status(status).body(Full::new(answer)).unwrap())
}
