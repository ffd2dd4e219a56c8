"""aiokafka's send_and_wait and getone, with kafka_tracing.py and spans of the service's own."""

import asyncio
import time
import uuid
from importlib.metadata import version

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from opentelemetry import context, trace
from opentelemetry.trace import SpanKind

import contexts
import protocol
import spans
from kafka_tracing import extract_trace_context, inject_trace_context

LOG_APPEND_TIME = 1


class Program:
    def __init__(self, brokers, service):
        self.brokers = brokers
        self.service = service
        self.spans = spans.Spans(service)
        self.tracer = trace.get_tracer(service)

    def produce(self, topic, records):
        return {"produced": asyncio.run(self._produce(topic, records)), "spans": self.spans.finished()}

    def consume(self, topic, count):
        consumed = asyncio.run(self._consume(topic, count))
        self.spans.finished()
        return {"consumed": consumed}

    def relay(self, topic, onward, count):
        return {"relayed": asyncio.run(self._relay(topic, onward, count)), "spans": self.spans.finished()}

    async def _produce(self, topic, records):
        produced = []
        async with self._producer() as producer:
            for record in records:
                token = context.attach(contexts.to_opentelemetry(record["context"]))
                try:
                    key, value = record["key"].encode(), record["value"].encode()
                    sent = await self._send(producer, topic, key, value, [])
                    produced.append({"key": record["key"], "context": sent})
                finally:
                    context.detach(token)
        return produced

    async def _consume(self, topic, count):
        consumed = []
        async with self._consumer(topic) as consumer:
            for _ in range(count):
                record = await next_of(consumer)
                received = extract_trace_context(record.headers)
                with self._processing(record, received) as span:
                    told = contexts.of_context(received)
                    relation = contexts.relation(trace.get_current_span(received).get_span_context(), span)
                    consumed.append({"key": record.key.decode(), "context": told, "relation": relation})
        return consumed

    async def _relay(self, topic, onward, count):
        relayed = []
        async with self._producer() as producer, self._consumer(topic) as consumer:
            for _ in range(count):
                record = await next_of(consumer)
                received = extract_trace_context(record.headers)
                with self._processing(record, received):
                    await self._send(producer, onward, record.key, record.value, list(record.headers))
                relayed.append({"key": record.key.decode(), "context": contexts.of_context(received)})
        return relayed

    async def _send(self, producer, topic, key, value, headers):
        with self.tracer.start_as_current_span(f"send {topic}", kind=SpanKind.PRODUCER) as span:
            self.spans.about(span.get_span_context(), spans.sent(topic, key.decode()))
            inject_trace_context(headers)
            await producer.send_and_wait(topic, value=value, key=key, headers=headers)
            return contexts.of_context(context.get_current())

    def _processing(self, record, received):
        """The span of a received record, whose parent is what the record carries, and no more of it."""
        span = self.tracer.start_span(f"process {record.topic}", context=received, kind=SpanKind.CONSUMER)
        waited = time.time_ns() // 1_000_000 - record.timestamp
        log_append_time = record.timestamp_type == LOG_APPEND_TIME
        about = spans.received(record.topic, record.key.decode(), waited, log_append_time)
        self.spans.about(span.get_span_context(), about)
        return trace.use_span(span, end_on_exit=True)

    def _producer(self):
        return AIOKafkaProducer(bootstrap_servers=self.brokers, acks="all")

    def _consumer(self, topic):
        return AIOKafkaConsumer(
            topic,
            bootstrap_servers=self.brokers,
            group_id=f"{self.service}-{uuid.uuid4()}",
            auto_offset_reset="earliest",
        )


async def next_of(consumer):
    try:
        return await asyncio.wait_for(consumer.getone(), protocol.PATIENCE)
    except asyncio.TimeoutError:
        raise protocol.Failure(f"no record came within {protocol.PATIENCE} s") from None


def main():
    libraries = {name: version(name) for name in ("aiokafka", "opentelemetry-api", "opentelemetry-sdk")}
    protocol.serve("Python", libraries, Program(*protocol.arguments()))


if __name__ == "__main__":
    main()
