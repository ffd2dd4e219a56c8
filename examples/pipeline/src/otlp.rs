//! The spans of a run on their way to a tracing back end: OTLP over HTTP.

use async_trait::async_trait;
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::{Protocol, WithExportConfig, WithHttpConfig};
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceResponse;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{BatchSpanProcessor, SpanData, SpanExporter};
use prost::Message;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;
use ureq::http::Uri;

/// How long a receiver may take for a batch of spans.
const PATIENCE: Duration = Duration::from_secs(3);

/// How many bytes of an answer are read.
const ANSWER: u64 = 64 * 1024;

/// How many characters of a receiver's own words are shown.
const WORDS: usize = 200;

/// What receives spans by OTLP, such as an OpenTelemetry Collector.
#[derive(Clone, Debug)]
pub struct Receiver {
    url: Arc<str>,
    outcome: Arc<Outcome>,
}

#[derive(Debug, Default)]
struct Outcome {
    received: AtomicUsize,
    /// The first; nothing more is sent after it.
    failure: OnceLock<String>,
}

/// What was wrong with an exchange, and how many of its spans were not taken.
#[derive(Debug)]
struct Problem {
    words: String,
    rejected: usize,
}

impl Problem {
    /// With all of its spans.
    fn of_all(words: impl Into<String>) -> Self {
        Self { words: words.into(), rejected: usize::MAX }
    }
}

impl Receiver {
    /// The one at this URL, to which `/v1/traces` is added unless it ends so.
    ///
    /// An error is for who has given the URL.
    pub fn at(url: &str) -> Result<Self, String> {
        let whole = url.parse::<Uri>().is_ok_and(|uri| uri.scheme_str() == Some("http") && has_place(&uri));
        if !whole {
            return Err("a URL of plain HTTP is needed, such as http://127.0.0.1:4318".to_owned());
        }
        let base = url.trim_end_matches('/').trim_end_matches("/v1/traces");
        Ok(Self { url: format!("{base}/v1/traces").into(), outcome: Arc::default() })
    }

    /// Where the spans are sent.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// What sends the spans of one service; none if that cannot be, which [`Receiver::failure`] tells of.
    pub fn processor(&self, resource: &Resource) -> Option<BatchSpanProcessor> {
        let config = ureq::Agent::config_builder().http_status_as_error(false).max_redirects(0);
        let agent = config.timeout_global(Some(PATIENCE)).build().new_agent();
        let problem = Arc::<Mutex<Option<Problem>>>::default();
        let otlp = opentelemetry_otlp::SpanExporter::builder()
            .with_http()
            .with_http_client(Client { agent, problem: problem.clone() })
            .with_endpoint(self.url.as_ref())
            .with_protocol(Protocol::HttpBinary)
            .with_timeout(PATIENCE)
            .build();
        match otlp {
            Ok(mut otlp) => {
                otlp.set_resource(resource);
                let exporter = Exporter { otlp, problem, outcome: self.outcome.clone() };
                Some(BatchSpanProcessor::builder(exporter).build())
            }
            Err(error) => {
                let _ = self.outcome.failure.set(error.to_string());
                None
            }
        }
    }

    /// How many spans it has said to have taken.
    pub fn received(&self) -> usize {
        self.outcome.received.load(Ordering::Relaxed)
    }

    /// Why it did not take all that it was sent, if so.
    pub fn failure(&self) -> Option<&str> {
        self.outcome.failure.get().map(String::as_str)
    }
}

/// Whether there is a host, and a port that can be one where something stands for it.
fn has_place(uri: &Uri) -> bool {
    let host = uri.host().unwrap_or_default();
    !host.is_empty() && uri.authority().is_some_and(|it| it.port().is_some() || it.as_str().ends_with(host))
}

/// The exporter of one service, which gives up at the first failure: a run does not wait for a receiver twice.
#[derive(Debug)]
struct Exporter {
    otlp: opentelemetry_otlp::SpanExporter,
    problem: Arc<Mutex<Option<Problem>>>,
    outcome: Arc<Outcome>,
}

impl SpanExporter for Exporter {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        if self.outcome.failure.get().is_some() {
            return Ok(());
        }
        let count = batch.len();
        let result = self.otlp.export(batch).await;
        let problem = self.problem.lock().unwrap_or_else(PoisonError::into_inner).take();
        let problem =
            problem.or_else(|| result.as_ref().err().map(|error| Problem::of_all(error.to_string())));
        let rejected = problem.as_ref().map_or(0, |problem| problem.rejected);
        self.outcome.received.fetch_add(count.saturating_sub(rejected), Ordering::Relaxed);
        if let Some(problem) = problem {
            let _ = self.outcome.failure.set(problem.words);
        }
        result
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.otlp.shutdown_with_timeout(timeout)
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.otlp.set_resource(resource);
    }
}

/// Keeps what was wrong with the last exchange, of which the exporter would tell less.
#[derive(Debug)]
struct Client {
    agent: ureq::Agent,
    problem: Arc<Mutex<Option<Problem>>>,
}

impl Client {
    fn exchange(&self, request: Request<Bytes>) -> Result<Response<Bytes>, ureq::Error> {
        let (parts, body) = request.into_parts();
        let (parts, mut body) = self.agent.run(Request::from_parts(parts, &body[..]))?.into_parts();
        let body = body.with_config().limit(ANSWER).read_to_vec()?;
        Ok(Response::from_parts(parts, body.into()))
    }
}

#[async_trait]
impl HttpClient for Client {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let answer = self.exchange(request);
        let problem = match &answer {
            Ok(response) => refusal(response),
            Err(error) => Some(Problem::of_all(error.to_string())),
        };
        *self.problem.lock().unwrap_or_else(PoisonError::into_inner) = problem;
        Ok(answer?)
    }
}

/// Why this answer does not mean that every span was taken.
fn refusal(response: &Response<Bytes>) -> Option<Problem> {
    if !response.status().is_success() {
        return Some(Problem::of_all(format!("it answers {}", response.status())));
    }
    let Ok(answer) = ExportTraceServiceResponse::decode(&response.body()[..]) else {
        return Some(Problem::of_all("its answer is not one of OTLP"));
    };
    let partial = answer.partial_success.filter(|partial| partial.rejected_spans > 0)?;
    let words: String = partial.error_message.chars().take(WORDS).flat_map(char::escape_debug).collect();
    let rejected = usize::try_from(partial.rejected_spans).unwrap_or(usize::MAX);
    Some(Problem { words: format!("it rejects {rejected} spans: {words}"), rejected })
}
