"""Prints what a call costs here, and with OpenTelemetry's own propagator."""

import timeit

from opentelemetry import context, propagate

from tracebaton.kafka_tracing import extract_trace_context, inject_trace_context

RECORD = [(f"header-{index}", b"value") for index in range(5)] + [
    ("traceparent", b"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
    ("tracestate", b"congo=t61rcWkgMzE,rojo=00f067aa0ba902b7"),
    ("baggage", b"userId=alice,serverNode=DF%2028,isProduction=false"),
]


def extract_with_the_propagator():
    return propagate.extract({name: value.decode() for name, value in RECORD})


def inject_with_the_propagator(record):
    carrier = {}
    propagate.inject(carrier)
    record.extend((name, value.encode()) for name, value in carrier.items())


def microseconds(call, rounds=20_000):
    return min(timeit.repeat(call, number=rounds, repeat=7)) / rounds * 1e6


def main():
    context.attach(extract_trace_context(RECORD))
    print("| call | tracebaton, µs | OpenTelemetry, µs |\n| --- | ---: | ---: |")
    ours, theirs = microseconds(lambda: extract_trace_context(RECORD)), microseconds(extract_with_the_propagator)
    print(f"| extract | {ours:.1f} | {theirs:.1f} |")
    ours = microseconds(lambda: inject_trace_context(RECORD[:5]))
    theirs = microseconds(lambda: inject_with_the_propagator(RECORD[:5]))
    print(f"| inject | {ours:.1f} | {theirs:.1f} |")


if __name__ == "__main__":
    main()
