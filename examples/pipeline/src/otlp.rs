//! Sends the spans and metrics of a run to a back end: OTLP over HTTP.

use async_trait::async_trait;
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use opentelemetry_otlp::{Protocol, WithExportConfig, WithHttpConfig};
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceResponse;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::metrics::Temporality;
use opentelemetry_sdk::metrics::data::ResourceMetrics;
use opentelemetry_sdk::metrics::exporter::PushMetricExporter;
use opentelemetry_sdk::trace::{BatchSpanProcessor, SpanData, SpanExporter};
use prost::Message;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;
use ureq::http::Uri;

/// Maximum time that a receiver may take for a batch of spans.
const PATIENCE: Duration = Duration::from_secs(3);

/// Maximum count of bytes of an answer that are read.
const ANSWER: u64 = 64 * 1024;

/// Maximum count of characters of a receiver's message that are shown.
const WORDS: usize = 200;

/// A receiver of spans and metrics by OTLP, such as an OpenTelemetry Collector.
#[derive(Clone, Debug)]
pub struct Receiver {
    traces: Arc<Endpoint>,
    metrics: Arc<Endpoint>,
}

/// The destination of one kind of data, and the result.
#[derive(Debug)]
struct Endpoint {
    url: String,
    /// The URL without user and password.
    shown: String,
    received: AtomicUsize,
    /// The first problem; nothing is sent after it.
    failure: OnceLock<String>,
}

impl Endpoint {
    fn new(uri: &Uri, path: &str) -> Arc<Self> {
        let authority = uri.authority().map_or("", |authority| authority.as_str());
        let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
        let base = uri.path().trim_end_matches('/');
        let base =
            ["/v1/traces", "/v1/metrics"].iter().find_map(|end| base.strip_suffix(end)).unwrap_or(base);
        let query = uri.query().map_or(String::new(), |query| format!("?{query}"));
        let [url, shown] = [authority, host].map(|place| format!("http://{place}{base}{path}{query}"));
        Arc::new(Self { url, shown, received: AtomicUsize::new(0), failure: OnceLock::new() })
    }

    fn client(&self) -> Client {
        let config = ureq::Agent::config_builder().http_status_as_error(false).max_redirects(0);
        let agent = config.timeout_global(Some(PATIENCE)).build().new_agent();
        Client { agent, problem: Arc::default() }
    }

    /// Keeps the message of a failure, with the URL without user and password.
    fn fail(&self, words: &str) {
        let _ = self.failure.set(words.replace(&self.url, &self.shown));
    }

    /// Records the result of exporting `count` items.
    fn exported(&self, count: usize, problem: &Mutex<Option<Problem>>, result: &OTelSdkResult) {
        let problem = problem.lock().unwrap_or_else(PoisonError::into_inner).take();
        let problem =
            problem.or_else(|| result.as_ref().err().map(|error| Problem::of_all(error.to_string())));
        let rejected = problem.as_ref().map_or(0, |problem| problem.rejected);
        self.received.fetch_add(count.saturating_sub(rejected), Ordering::Relaxed);
        if let Some(problem) = problem {
            self.fail(&problem.words);
        }
    }
}

/// The problem of an exchange, and how many of its spans were rejected.
#[derive(Debug)]
struct Problem {
    words: String,
    rejected: usize,
}

impl Problem {
    /// A problem that rejects all spans.
    fn of_all(words: impl Into<String>) -> Self {
        Self { words: words.into(), rejected: usize::MAX }
    }
}

impl Receiver {
    /// The receiver at this URL, with the paths `/v1/traces` and `/v1/metrics` added.
    ///
    /// The error is a message for the user. It does not contain the URL, which may have a password in it.
    pub fn at(url: &str) -> Result<Self, String> {
        let uri = url.parse::<Uri>().ok();
        let uri = uri.filter(|uri| uri.scheme_str() == Some("http") && has_place(uri));
        let uri = uri.ok_or("a URL of plain HTTP is needed, such as http://127.0.0.1:4318")?;
        Ok(Self { traces: Endpoint::new(&uri, "/v1/traces"), metrics: Endpoint::new(&uri, "/v1/metrics") })
    }

    /// The URL for spans, to show it.
    pub fn traces_url(&self) -> &str {
        &self.traces.shown
    }

    /// The URL for metrics, to show it.
    pub fn metrics_url(&self) -> &str {
        &self.metrics.shown
    }

    /// The exporter for the spans of one service; `None` if it cannot be made, which [`Receiver::failure`] reports.
    pub fn processor(&self, resource: &Resource) -> Option<BatchSpanProcessor> {
        let client = self.traces.client();
        let problem = client.problem.clone();
        let otlp = opentelemetry_otlp::SpanExporter::builder()
            .with_http()
            .with_http_client(client)
            .with_endpoint(&self.traces.url)
            .with_protocol(Protocol::HttpBinary)
            .with_timeout(PATIENCE)
            .build();
        match otlp {
            Ok(mut otlp) => {
                otlp.set_resource(resource);
                let exporter = Exporter { otlp, problem, endpoint: self.traces.clone() };
                Some(BatchSpanProcessor::builder(exporter).build())
            }
            Err(error) => {
                self.traces.fail(&error.to_string());
                None
            }
        }
    }

    /// The exporter for the metrics of one service; `None` if it cannot be made, which [`Receiver::metrics_failure`]
    /// reports.
    pub fn metrics(&self) -> Option<MetricExporter> {
        let client = self.metrics.client();
        let problem = client.problem.clone();
        let otlp = opentelemetry_otlp::MetricExporter::builder()
            .with_http()
            .with_http_client(client)
            .with_endpoint(&self.metrics.url)
            .with_protocol(Protocol::HttpBinary)
            .with_timeout(PATIENCE)
            .build();
        match otlp {
            Ok(otlp) => Some(MetricExporter { otlp, problem, receiver: self.clone() }),
            Err(error) => {
                self.metrics.fail(&error.to_string());
                None
            }
        }
    }

    /// Number of spans that the receiver has confirmed.
    pub fn received(&self) -> usize {
        self.traces.received.load(Ordering::Relaxed)
    }

    /// Why the receiver did not confirm all spans, if it did not.
    pub fn failure(&self) -> Option<&str> {
        self.traces.failure.get().map(String::as_str)
    }

    /// Number of services whose metrics the receiver has confirmed.
    pub fn received_metrics(&self) -> usize {
        self.metrics.received.load(Ordering::Relaxed)
    }

    /// Why the receiver did not confirm all metrics, if it did not.
    pub fn metrics_failure(&self) -> Option<&str> {
        self.metrics.failure.get().map(String::as_str)
    }
}

/// Whether the URL has a host, and a valid port if it has one.
fn has_place(uri: &Uri) -> bool {
    let host = uri.host().unwrap_or_default();
    !host.is_empty() && uri.authority().is_some_and(|it| it.port().is_some() || it.as_str().ends_with(host))
}

/// The exporter of one service's spans. It stops at the first failure, so a run never waits twice for a receiver.
#[derive(Debug)]
struct Exporter {
    otlp: opentelemetry_otlp::SpanExporter,
    problem: Arc<Mutex<Option<Problem>>>,
    endpoint: Arc<Endpoint>,
}

impl SpanExporter for Exporter {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        if self.endpoint.failure.get().is_some() {
            return Ok(());
        }
        let count = batch.len();
        let result = self.otlp.export(batch).await;
        self.endpoint.exported(count, &self.problem, &result);
        result
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.otlp.shutdown_with_timeout(timeout)
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.otlp.set_resource(resource);
    }
}

/// The exporter of one service's metrics. It stops at the first failure of metrics or of spans.
#[derive(Debug)]
pub struct MetricExporter {
    otlp: opentelemetry_otlp::MetricExporter,
    problem: Arc<Mutex<Option<Problem>>>,
    receiver: Receiver,
}

impl PushMetricExporter for MetricExporter {
    async fn export(&self, metrics: &ResourceMetrics) -> OTelSdkResult {
        if self.receiver.failure().is_some() || self.receiver.metrics_failure().is_some() {
            return Ok(());
        }
        let result = self.otlp.export(metrics).await;
        self.receiver.metrics.exported(1, &self.problem, &result);
        result
    }

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.otlp.shutdown_with_timeout(timeout)
    }

    fn temporality(&self) -> Temporality {
        self.otlp.temporality()
    }
}

/// Keeps the details of the last problem, which the exporter would drop.
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

/// Why this answer does not confirm everything. Answers to spans and to metrics have the same form.
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
    Some(Problem { words: format!("it rejects {rejected} of them: {words}"), rejected })
}
