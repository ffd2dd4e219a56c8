#!/usr/bin/env python3
"""elastic-apm for Python: its W3C trace context."""

import logging

from elasticapm.utils.disttracing import TraceParent
from peer import absent, parent_of, serve

logging.disable(logging.CRITICAL)


def read(carrier):
    found = TraceParent.from_headers(carrier)
    if found is None:
        return {"traceparent": absent()}
    parent = parent_of(found.trace_id, found.span_id, found.trace_options.asByte)
    return {"traceparent": parent}


serve(read, {})
