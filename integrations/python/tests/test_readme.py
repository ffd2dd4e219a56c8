"""The hops of README.md, run over the mock cluster of librdkafka with both clients."""

import asyncio
import re
from pathlib import Path

import pytest
from confluent_kafka import Consumer, Producer
from mock import Cluster
from opentelemetry import trace

from tracebaton.kafka_tracing import extract_trace_context

README = (Path(__file__).parents[1] / "README.md").read_text()
HOPS = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
SENT = [("traceparent", PARENT.encode()), ("tracestate", b"rojo=1"), ("id", b"\xff\x00"), ("null", None)]


@pytest.fixture
def brokers():
    cluster = Cluster()
    yield cluster.brokers


def names_of(code):
    names = {}
    exec(code, names)
    return names


def same_trace(spans, headers):
    """The payment's parent is the span that sent it, in the trace of the order."""
    processing, sending = sorted(spans.get_finished_spans(), key=lambda span: span.start_time)
    written = trace.get_current_span(extract_trace_context(headers)).get_span_context()
    assert f"{processing.parent.span_id:016x}" == "b7ad6b7169203331"
    assert "kafka.record.queue_time_ms" in processing.attributes
    assert sending.parent.span_id == processing.context.span_id
    assert (written.trace_id, written.span_id) == (processing.parent.trace_id, sending.context.span_id)
    assert [header for header in headers if header[0] in ("id", "null")] == SENT[2:]
    assert [name for name, _ in headers].count("traceparent") == 1


def consumer(brokers, topic):
    config = {"bootstrap.servers": brokers, "group.id": topic, "auto.offset.reset": "earliest"}
    consumer = Consumer(config)
    consumer.subscribe([topic])
    return consumer


def received(consumer):
    for _ in range(60):
        message = consumer.poll(1)
        if message is not None and not message.error():
            return message
    raise TimeoutError("no record came within a minute")


def test_confluent_kafka(spans, brokers):
    pay = names_of(HOPS[0])["pay"]
    producer = Producer({"bootstrap.servers": brokers})
    producer.produce("orders", b"17", b"order-17", headers=SENT)
    producer.flush(10)
    pay(received(consumer(brokers, "orders")), producer)
    producer.flush(10)
    same_trace(spans, received(consumer(brokers, "payments")).headers())


def test_aiokafka(spans, brokers):
    asyncio.run(hop_with_aiokafka(names_of(HOPS[1])["pay"], spans, brokers))


async def hop_with_aiokafka(pay, spans, brokers):
    from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

    sending = Producer({"bootstrap.servers": brokers})
    sending.produce("orders", b"17", b"order-17", headers=SENT)
    sending.flush(10)
    producer = AIOKafkaProducer(bootstrap_servers=brokers)
    orders = AIOKafkaConsumer("orders", bootstrap_servers=brokers, auto_offset_reset="earliest")
    await producer.start()
    await orders.start()
    try:
        await pay(await asyncio.wait_for(orders.getone(), 60), producer)
    finally:
        await orders.stop()
        await producer.stop()
    same_trace(spans, received(consumer(brokers, "payments")).headers())
