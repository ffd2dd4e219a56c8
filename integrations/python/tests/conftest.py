import json
from pathlib import Path

import pytest
from opentelemetry import propagate, trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

VECTORS = Path(__file__).parents[3] / "tests/conformance/vectors"


def rows():
    """Each row of the conformance vectors that reads the headers of a record, with the span id of its child."""
    for file in sorted(VECTORS.glob("*.json")):
        content = json.loads(file.read_text())
        for row in content.get("rows", ()) if isinstance(content, dict) else ():
            if "headers" in row:
                yield row, content["span_id"]


def in_bytes(text):
    """The bytes of a text of the vectors."""
    if isinstance(text, str):
        return text.encode()
    if "hex" in text:
        return bytes.fromhex(text["hex"])
    if "repeat" in text:
        return in_bytes(text["repeat"]) * text["times"]
    return b"".join(map(in_bytes, text["join"]))


def record(headers):
    """Headers as a client gives them: names that are text are `str`."""
    return [(as_text(in_bytes(name)), value if value is None else in_bytes(value)) for name, value in headers]


def as_text(name):
    try:
        return name.decode()
    except UnicodeDecodeError:
        return name


@pytest.fixture
def spans():
    """What the services of the test have exported."""
    exporter = InMemorySpanExporter()
    provider = trace.get_tracer_provider()
    if not isinstance(provider, TracerProvider):
        provider = TracerProvider()
        trace.set_tracer_provider(provider)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    return exporter


@pytest.fixture
def global_propagator():
    before = propagate.get_global_textmap()
    yield propagate.set_global_textmap
    propagate.set_global_textmap(before)
