#!/usr/bin/env python3
"""dd-trace-py: its W3C Trace Context propagator."""

import logging
import os

os.environ.update(DD_TRACE_ENABLED="false", DD_REMOTE_CONFIGURATION_ENABLED="false")
logging.disable(logging.CRITICAL)

from ddtrace.propagation.http import _TraceContext  # noqa: E402
from peer import absent, parent_of, serve  # noqa: E402


def read(carrier):
    found = _TraceContext._extract(carrier)
    if found is None or not found.trace_id or not found.span_id:
        return {"traceparent": absent()}
    sampled = found.sampling_priority is not None and found.sampling_priority > 0
    parent = parent_of(f"{found.trace_id:032x}", f"{found.span_id:016x}", int(sampled))
    # Its context has a priority in place of flags.
    return {"traceparent": {name: parent[name] for name in ("verdict", "trace_id", "span_id", "sampled")}}


serve(read, {})
