#!/usr/bin/env python3
"""`explain`, which reads records: it answers the rows that have headers, and skips the operations."""

import json
import subprocess
import sys


class Explain:
    """The program, started once for each span id of a child."""

    def __init__(self, program):
        self.program, self.running = program, {}

    def answer(self, headers, span_id):
        if span_id not in self.running:
            command = [self.program, "--span-id", span_id]
            pipe = subprocess.PIPE
            self.running[span_id] = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True)
        process = self.running[span_id]
        process.stdin.write(json.dumps({"headers": headers}) + "\n")
        process.stdin.flush()
        explained = json.loads(process.stdout.readline())
        shown = ("traceparent", "tracestate", "baggage", "forward", "child")
        return {name: explained[name] for name in shown}


explain = Explain(sys.argv[1])
for line in sys.stdin:
    row = json.loads(line)
    is_record = "headers" in row
    answer = explain.answer(row["headers"], row["span_id"]) if is_record else {"skip": "no such function"}
    print(json.dumps(answer), flush=True)
