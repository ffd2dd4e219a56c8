#!/usr/bin/env python3
"""Reads every vector about another format with the Python packages of its vendors, and compares.

    compare.py            fails on a difference without a name, and on a name without a difference
    compare.py --bless    writes the table in README.md anew as well

`requirements.txt` has the packages. The vectors say what this project reads, and its own tests hold it to them; so what
is compared here is the project and its peers. Differences have a name and a reason in `deviations.json`.
"""

import json
import logging
import os
import re
import sys
from importlib.metadata import version
from pathlib import Path

os.environ.update(DD_TRACE_ENABLED="false", DD_REMOTE_CONFIGURATION_ENABLED="false", INSTANA_TRACING_DISABLE="True")
logging.disable(logging.CRITICAL)

HERE = Path(__file__).resolve().parent
FORMATS = ["b3", "b3multi", "jaeger", "datadog", "elastic", "instana", "xray"]


def text(value):
    """The bytes of a text of the vectors."""
    if isinstance(value, str):
        return value.encode()
    if "hex" in value:
        return bytes.fromhex(value["hex"])
    if "repeat" in value:
        return text(value["repeat"]) * value["times"]
    return b"".join(text(part) for part in value["join"])


def carrier(headers):
    """A carrier as the Kafka instrumentations make it: names and values as text, the last of a name, no nulls."""
    return {text(name).decode(): text(value).decode() for name, value in headers if value is not None}


def reading(trace_id, span_id, sampled):
    return f"{trace_id:032x} {span_id:016x} {'-' if sampled is None else int(sampled)}"


def opentelemetry(propagator):
    from opentelemetry import trace
    from opentelemetry.context import Context

    def read(headers):
        context = trace.get_current_span(propagator.extract(carrier(headers), Context())).get_span_context()
        return reading(context.trace_id, context.span_id, context.trace_flags.sampled) if context.is_valid else None

    return read


def ddtrace(style):
    def read(headers):
        # The tracer passes names in lower case.
        found = style._extract({name.lower(): value for name, value in carrier(headers).items()})
        if found is None or not found.trace_id or not found.span_id:
            return None
        priority = found.sampling_priority
        return reading(found.trace_id, found.span_id, None if priority is None else priority > 0)

    return read


def elastic(headers):
    from elasticapm.utils.disttracing import TraceParent

    values = [text(value) for name, value in headers if name == "elasticapmtraceparent" and value is not None]
    found = TraceParent.from_binary(values[-1]) if values else None
    return found and reading(int(found.trace_id, 16), int(found.span_id, 16), bool(found.trace_options.recorded))


def instana(headers):
    from instana.propagators.kafka_propagator import KafkaPropagator
    from opentelemetry import trace

    pairs = [(text(name).decode(), text(value)) for name, value in headers if value is not None]
    context = KafkaPropagator().extract(pairs, disable_w3c_trace_context=True)
    found = context and trace.get_current_span(context).get_span_context()
    if not found or not found.trace_id or not found.span_id:
        return None
    trace_id = int(found.long_trace_id, 16) if found.long_trace_id else found.trace_id
    return reading(trace_id, found.span_id, found.level != 0)


def peers():
    """For each peer its package, and the reader of each of its formats."""
    from ddtrace.propagation.http import _B3MultiHeader, _B3SingleHeader, _DatadogMultiHeader
    from opentelemetry.propagators.aws import AwsXRayPropagator
    from opentelemetry.propagators.b3 import B3MultiFormat
    from opentelemetry.propagators.jaeger import JaegerPropagator

    b3 = opentelemetry(B3MultiFormat())
    return {
        "opentelemetry-propagator-b3": {"b3": b3, "b3multi": b3},
        "opentelemetry-propagator-jaeger": {"jaeger": opentelemetry(JaegerPropagator())},
        "opentelemetry-propagator-aws-xray": {"xray": opentelemetry(AwsXRayPropagator())},
        "ddtrace": {
            "b3": ddtrace(_B3SingleHeader),
            "b3multi": ddtrace(_B3MultiHeader),
            "datadog": ddtrace(_DatadogMultiHeader),
        },
        "elastic-apm": {"elastic": elastic},
        "instana": {"instana": instana},
    }


def ours(expected):
    value = expected["value"]
    if value["arrived_as"] is None:
        return None
    sampled = {"accept": True, "debug": True, "deny": False, "defer": None}[value["sampling"]]
    return reading(int(value["trace_id"], 16), int(value["span_id"], 16), sampled)


def rows(format):
    file = HERE / f"../vectors/formats/{format}.json"
    for row in json.loads(file.read_text())["rows"]:
        if row["operation"]["name"] == "choose" and row["operation"]["formats"] == [format]:
            yield row["id"], row["operation"]["headers"], ours(row["expect"])


def written():
    """Reads our written values with the packages of their formats; returns the differences, and the count of values."""
    file = HERE / "../vectors/formats/inject.json"
    differences, count = [], 0
    for row in json.loads(file.read_text())["rows"]:
        operation = row["operation"]
        parent = operation["context"].get("traceparent")
        if "error" in row["expect"] or not parent:
            continue
        _, trace_id, span_id, flags = parent.split("-")
        given = {"defer": None, "debug": True, "accept": True, "deny": False}
        sampled = given.get(operation.get("sampling"), int(flags, 16) & 1 == 1)
        for package, formats in peers().items():
            for format in set(operation["formats"]) & set(formats) - {"elastic", "xray"}:  # these are only read
                headers = [header for header in row["expect"]["value"] if header[0] != "k"]
                theirs = read_by(formats[format], headers)
                ours = reading(int(trace_id, 16), int(span_id, 16), sampled)
                if format == "instana" and sampled is False:
                    ours = None  # a suppressed trace has no ids
                if format == "datadog" and trace_id.endswith("0" * 16):
                    ours = None  # Datadog has no such trace
                count += 1
                if sampled is None and theirs:
                    ours, theirs = ours[:-1], theirs[:-1]
                if ours != theirs:
                    differences.append(f"{package} {format} {row['id']}: ours {ours}, theirs {theirs}")
    return differences, count


def read_by(read, headers):
    try:
        return read(headers)
    except UnicodeDecodeError:
        return None  # no instrumentation can pass these bytes
    except Exception as error:  # noqa: BLE001 an exception of a peer is its outcome
        return f"raises {type(error).__name__}"


def compare():
    """Returns for each peer and format how many rows are read the same, and the differences: row, ours, theirs."""
    table = {}
    for package, formats in peers().items():
        for format, read in formats.items():
            results = [(id, expected, read_by(read, headers)) for id, headers, expected in rows(format)]
            differences = [result for result in results if result[1] != result[2]]
            table[package, format] = (len(results) - len(differences), differences)
    return table


def named(table):
    """Assigns names to the differences; also returns differences without a name, and names that are not needed."""
    deviations = json.loads((HERE / "deviations.json").read_text())
    unnamed, needed = [], {}
    for (package, format), (_, differences) in table.items():
        for id, expected, actual in differences:
            kind = "accepted" if expected is None else "refused" if actual is None else "otherwise"
            fits = [
                index
                for index, deviation in enumerate(deviations)
                if deviation["peer"] == package
                and kind == deviation["kind"]
                and any(re.fullmatch(pattern.replace("*", ".*"), id) for pattern in deviation["rows"])
            ]
            if len(fits) == 1:
                needed.setdefault(fits[0], []).append(id)
            else:
                unnamed.append(f"{package} {kind} {id}: ours {expected}, theirs {actual}, names {fits}")
    unneeded = [deviation["name"] for index, deviation in enumerate(deviations) if index not in needed]
    return deviations, needed, unnamed, unneeded


def page(table, deviations, needed, count):
    lines = [f"This codec wrote {count} values. The packages of each format read all of them correctly.", ""]
    lines += ["| package | format | rows read the same | read differently |", "| --- | --- | ---: | ---: |"]
    for (package, format), (alike, differences) in table.items():
        lines.append(f"| {package} {version(package)} | `{format}` | {alike} | {len(differences)} |")
    words = {"accepted": "accepted there, refused here", "refused": "accepted here, not there", "otherwise": "read differently"}
    lines += ["", "| package | difference | | reason | rows |", "| --- | --- | --- | --- | ---: |"]
    for index, deviation in enumerate(deviations):
        ids = needed[index]
        example = f"`{ids[0]}`" + (f" and {len(ids) - 1} more" if len(ids) > 1 else "")
        lines.append(
            f"| {deviation['peer']} | {deviation['name']} | {words[deviation['kind']]} | {deviation['reason']} | {example} |"
        )
    return "\n".join(lines) + "\n"


def main():
    table = compare()
    if "--differences" in sys.argv:
        for (package, format), (alike, differences) in table.items():
            print(package, format, alike, len(differences))
            for id, expected, actual in differences:
                print("   ", id, "|", expected, "|", actual)
        return 0
    deviations, needed, unnamed, unneeded = named(table)
    differences, count = written()
    for line in differences:
        print(f"written here, read differently there: {line}")
    if differences or count < 40:
        print(f"{count} written values were read")
        return 1
    for line in unnamed:
        print(f"a difference without a name, or with several: {line}")
    for name in unneeded:
        print(f"no difference has this name: {name}")
    if unnamed or unneeded:
        return 1
    made = page(table, deviations, needed, count)
    readme = HERE / "README.md"
    start, rest = readme.read_text().split("<!-- made by compare.py -->\n")
    before, end = rest.split("<!-- end of what was made -->")
    if "--bless" in sys.argv:
        readme.write_text(f"{start}<!-- made by compare.py -->\n{made}<!-- end of what was made -->{end}")
    elif before != made:
        print("the table in README.md is outdated: compare.py --bless rewrites it")
        return 1
    print(made)
    return 0


if __name__ == "__main__":
    sys.exit(main())
