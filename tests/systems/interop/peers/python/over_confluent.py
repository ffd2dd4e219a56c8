"""confluent-kafka with its OpenTelemetry instrumentation."""

import time
import uuid
from importlib.metadata import version

import confluent_kafka
from opentelemetry import context, propagate, trace
from opentelemetry.instrumentation.confluent_kafka import ConfluentKafkaInstrumentor
from opentelemetry.instrumentation.confluent_kafka.utils import KafkaContextGetter
from opentelemetry.trace import SpanKind

import contexts
import protocol
import spans

GETTER = KafkaContextGetter()
LIBRARIES = (
    "confluent-kafka",
    "opentelemetry-instrumentation-confluent-kafka",
    "opentelemetry-api",
    "opentelemetry-sdk",
)


class Program:
    def __init__(self, brokers, service):
        self.brokers = brokers
        self.service = service
        self.spans = spans.Spans(service)
        ConfluentKafkaInstrumentor().instrument()
        self.tracer = trace.get_tracer(service)
        patience = protocol.PATIENCE * 1000
        self.producer = confluent_kafka.Producer(
            {"bootstrap.servers": brokers, "acks": "all", "delivery.timeout.ms": patience}
        )

    def produce(self, topic, records):
        sending = Sending(self)
        produced = []
        for record in records:
            token = context.attach(contexts.to_opentelemetry(record["context"]))
            try:
                key, value = record["key"].encode(), record["value"].encode()
                produced.append({"key": record["key"], "context": sending.send(topic, key, value, [])})
            finally:
                context.detach(token)
        sending.finish()
        return {"produced": produced, "spans": self.spans.finished()}

    def consume(self, topic, count):
        consumed = []
        for message in self._received(topic, count):
            # What the instrumentation gives: a current span that links to what was received, without baggage.
            span = trace.get_current_span()
            linked = [link.context for link in getattr(span, "links", ())]
            received = linked[0] if linked else trace.INVALID_SPAN_CONTEXT
            told = contexts.of_span(received, context.get_current())
            relation = contexts.relation(received, span)
            consumed.append({"key": message.key().decode(), "context": told, "relation": relation})
        self.spans.finished()
        return {"consumed": consumed}

    def relay(self, topic, onward, count):
        sending = Sending(self)
        relayed = []
        for message in self._received(topic, count):
            # The instrumentation's spans are a new trace that links to the received one. A service that
            # continues the received trace extracts its parent from the headers, as the instrumentation does.
            received = propagate.extract(message.headers(), getter=GETTER)
            with self.tracer.start_as_current_span(
                f"process {topic}", context=received, kind=SpanKind.CONSUMER
            ) as span:
                self.spans.about(span.get_span_context(), about(message))
                sending.send(onward, message.key(), message.value(), list(message.headers() or []))
            relayed.append({"key": message.key().decode(), "context": contexts.of_context(received)})
        sending.finish()
        return {"relayed": relayed, "spans": self.spans.finished()}

    def _received(self, topic, count):
        """Each record, with the instrumentation's span as the current one."""
        consumer = confluent_kafka.Consumer(
            {
                "bootstrap.servers": self.brokers,
                "group.id": f"{self.service}-{uuid.uuid4()}",
                "auto.offset.reset": "earliest",
            }
        )
        try:
            consumer.subscribe([topic])
            for _ in range(count):
                message = consumer.poll(protocol.PATIENCE)
                if message is None:
                    raise protocol.Failure(f"no record came within {protocol.PATIENCE} s")
                if message.error():
                    raise protocol.Failure(message.error())
                self._about_received(message)
                yield message
        finally:
            consumer.close()

    def _about_received(self, message):
        """The instrumentation names a record in none of its spans: `recv` and, its child, the current one."""
        span = trace.get_current_span()
        if not span.is_recording():
            return
        told = about(message)
        self.spans.about(span.get_span_context(), told)
        self.spans.about(span.parent, told)


class Sending:
    """The records of a command, all acknowledged when it has finished."""

    def __init__(self, program):
        self.program = program
        self.failures = []

    def send(self, topic, key, value, headers):
        """Sends a record; tells the context that the instrumentation added to the headers."""
        producer = self.program.producer
        producer.produce(topic, value, key, headers=headers, on_delivery=self._delivered)
        producer.poll(0)
        written = trace.get_current_span(propagate.extract(dict(headers), getter=GETTER)).get_span_context()
        self.program.spans.about(written, spans.sent(topic, key.decode()))
        return contexts.of_span(written, context.get_current())

    def finish(self):
        self.program.producer.flush()
        if self.failures:
            raise protocol.Failure(f"{len(self.failures)} records were not sent: {self.failures[0]}")

    def _delivered(self, error, _message):
        if error is not None:
            self.failures.append(str(error))


def about(message):
    """What the span of a record that has just come is about."""
    kind, timestamp = message.timestamp()
    log_append_time = kind == confluent_kafka.TIMESTAMP_LOG_APPEND_TIME
    waited = time.time_ns() // 1_000_000 - timestamp
    return spans.received(message.topic(), message.key().decode(), waited, log_append_time)


def main():
    libraries = {name: version(name) for name in LIBRARIES} | {"librdkafka": confluent_kafka.libversion()[0]}
    protocol.serve("Python", libraries, Program(*protocol.arguments()))


main()
