//! The spans and metrics of a run on their way to a back end: OTLP over HTTP.

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

/// How long a receiver may take for a batch of spans.
const PATIENCE: Duration = Duration::from_secs(3);

/// How many bytes of an answer are read.
const ANSWER: u64 = 64 * 1024;

/// How many characters of a receiver's own words are shown.
const WORDS: usize = 200;

/// What receives spans and metrics by OTLP, such as an OpenTelemetry Collector.
#[derive(Clone, Debug)]
pub struct Receiver {
    traces: Arc<Endpoint>,
    metrics: Arc<Endpoint>,
}

/// Where one kind of data goes, and what came of it.
#[derive(Debug)]
struct Endpoint {
    url: String,
    /// Without user and password.
    shown: String,
    received: AtomicUsize,
    /// The first; nothing more is sent after it.
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

    /// Keeps the words of a failure, in which the URL is shown without user and password.
    fn fail(&self, words: &str) {
        let _ = self.failure.set(words.replace(&self.url, &self.shown));
    }

    /// What came of an export of `count` items.
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
    /// The one at this URL, to whose path `/v1/traces` and `/v1/metrics` are added.
    ///
    /// An error is for who has given the URL. It does not repeat it, since there may be a password in it.
    pub fn at(url: &str) -> Result<Self, String> {
        let uri = url.parse::<Uri>().ok();
        let uri = uri.filter(|uri| uri.scheme_str() == Some("http") && has_place(uri));
        let uri = uri.ok_or("a URL of plain HTTP is needed, such as http://127.0.0.1:4318")?;
        Ok(Self { traces: Endpoint::new(&uri, "/v1/traces"), metrics: Endpoint::new(&uri, "/v1/metrics") })
    }

    /// Where the spans are sent, to be shown.
    pub fn traces_url(&self) -> &str {
        &self.traces.shown
    }

    /// Where the metrics are sent, to be shown.
    pub fn metrics_url(&self) -> &str {
        &self.metrics.shown
    }

    /// What sends the spans of one service; none if that cannot be, which [`Receiver::failure`] tells of.
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

    /// What sends the metrics of one service; none if that cannot be, which [`Receiver::metrics_failure`] tells of.
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

    /// How many spans it has said to have taken.
    pub fn received(&self) -> usize {
        self.traces.received.load(Ordering::Relaxed)
    }

    /// Why it did not take all spans that it was sent, if so.
    pub fn failure(&self) -> Option<&str> {
        self.traces.failure.get().map(String::as_str)
    }

    /// Of how many services it has said to have taken the metrics.
    pub fn received_metrics(&self) -> usize {
        self.metrics.received.load(Ordering::Relaxed)
    }

    /// Why it did not take all metrics that it was sent, if so.
    pub fn metrics_failure(&self) -> Option<&str> {
        self.metrics.failure.get().map(String::as_str)
    }
}

/// Whether there is a host, and a port that can be one where something stands for it.
fn has_place(uri: &Uri) -> bool {
    let host = uri.host().unwrap_or_default();
    !host.is_empty() && uri.authority().is_some_and(|it| it.port().is_some() || it.as_str().ends_with(host))
}

/// The exporter of one service's spans, which gives up at the first failure: a run does not wait for a receiver twice.
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

/// The exporter of one service's metrics. It gives up at the first failure, of metrics or of spans.
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

/// Why this answer does not mean that everything was taken. The answers to spans and to metrics are of one form.
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
