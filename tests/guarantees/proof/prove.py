"""Proves the claims on the code of a library, each in a process of its own. `run` calls it; its README explains it."""

import argparse
import json
import resource
import subprocess
import sys
from pathlib import Path

PROVED, REFUTED, UNDECIDED = 0, 1, 2
FUNCTION = "tracebaton_traceparent_parse"
# Claim, what its length is, lengths of `quick`, further lengths of `full`. None is every length.
CLAIMS = (
    ("traceparent_parse", "value", [None], []),
    ("traceparent_extract", "value", [None], []),
    ("traceparent_format", "", [None], []),
    ("round_trip", "", [None], []),
    ("header_name", "name", [None], []),
    ("other_header", "name", [0, 1, 7, 10, 11, 16], [2, 3, 4, 5, 6, 8, 9, 12, 13, 14, 15]),
    ("tracestate", "value", [0, 1, 2, 3, 4, 5], [6, 7, 8, 9, 10, 11, 12]),
    ("baggage", "value", [0, 1, 8, 15, 16, 17], [33, 64, None]),
    ("injection", "tracestate", [0, 1, 3], [2, 4, 5, 6, 8]),
    ("b3", "value", [0, 1, 16, 33, 35], [None]),
    ("datadog_headers", "", [None], []),
    ("datadog_trace_id", "value", [0, 1, 2], [None]),
    ("datadog_parent_id", "value", [0, 1], [None]),
    ("datadog_priority", "value", [0], [1, None]),
    ("datadog_decision", "value", [0, 1], [None]),
    ("datadog_tags", "value", [0, 2], [26, 27, 30]),
)
# Megabytes that must be free, and that one claim may use.
MEMORY = {"quick": (1024, 1024), "full": (6144, 5120)}


class NotDecided(Exception):
    """Neither proved nor refuted, with a reason that names what is missing."""


def load(path):
    from prover.image import load_archive, load_shared

    content = Path(path).read_bytes()
    return load_archive(content, FUNCTION) if content.startswith(b"!<arch>") else load_shared(content)


def prove_here(path, name, length):
    """Proves one claim in this process, and prints the result as JSON."""
    from prover import claims, format_claims
    from prover.claim import with_large_stack

    claim = getattr(claims, name, None) or getattr(format_claims, name)
    outcome = with_large_stack(lambda: claim(load(path), length))
    example = outcome.example and {"value": outcome.example[0].hex(), "length": outcome.example[1], "status": outcome.example[2]}
    print(json.dumps({
        "reason": outcome.reason, "exact": outcome.exact, "example": example, "steps": outcome.steps, "seconds": round(outcome.seconds, 1),
        "questions": outcome.questions, "mebibytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10,
        "operations": sorted(outcome.operations),
    }))  # fmt: skip


def prove(path, name, length, mebibytes, seconds=None):
    """The result of one claim. Raises NotDecided if there is none."""

    def limit():
        # Address space includes the stack of the thread, which is hardly used.
        resource.setrlimit(resource.RLIMIT_AS, ((mebibytes + 1024) << 20,) * 2)

    command = [sys.executable, __file__, "--claim", name, str(path)] + ([] if length is None else ["--length", str(length)])
    try:
        done = subprocess.run(command, capture_output=True, text=True, preexec_fn=limit, timeout=seconds, check=False)
    except subprocess.TimeoutExpired:
        raise NotDecided(f"took more than {seconds} s") from None
    if done.returncode == 0:
        return json.loads(done.stdout)
    last = (done.stderr.strip().splitlines() or [f"signal {-done.returncode}"])[-1]
    if done.returncode == -9 or any(sign in done.stderr for sign in ("MemoryError", "bad_alloc", "can't start new thread")):
        raise NotDecided(f"ran out of memory: one claim may use {mebibytes} MiB")
    if last.startswith("ModuleNotFoundError"):
        raise NotDecided(f"the solver or another package of requirements.txt is not installed: {last}")
    if "Unsupported: " in last:
        raise NotDecided(f"this compiler's code is not supported: {last.split('Unsupported: ', 1)[1]}")
    raise NotDecided(last)


def require_memory(mode):
    free = next(int(line.split()[1]) >> 10 for line in open("/proc/meminfo") if line.startswith("MemAvailable"))
    if free < MEMORY[mode][0]:
        raise NotDecided(f"{mode} needs {MEMORY[mode][0]} MiB of memory, and {free} MiB are free")


def lengths_of(mode, quick, more):
    return quick if mode == "quick" else sorted(quick + more, key=lambda length: -1 if length is None else length)


def judged(found):
    """An exit code and a line of text."""
    if found["reason"] is None:
        return PROVED, "proved"
    shown = f"{found['reason']}: {found['example']}"
    return (REFUTED, f"REFUTED: {shown}") if found["exact"] else (UNDECIDED, f"NOT DECIDED: the induction failed: {shown}")


def run(mode, paths):
    require_memory(mode)
    worst, seconds, peak, operations = PROVED, 0, 0, set()
    print(f"{'claim':20} {'code':8} {'length':>7} {'paths':>7} {'seconds':>8} {'MiB':>5}  result")
    for name, _, quick, more in CLAIMS:
        for path in paths:
            code = "archive" if str(path).endswith(".a") else "shared"
            for length in lengths_of(mode, quick, more):
                shown = "any" if length is None else length
                try:
                    found = prove(path, name, length, MEMORY[mode][1])
                except NotDecided as reason:
                    print(f"{name:20} {code:8} {shown:>7} {'':22}  NOT DECIDED: {reason}", flush=True)
                    worst = UNDECIDED
                    continue
                verdict, result = judged(found)
                worst = max(worst, verdict)
                print(f"{name:20} {code:8} {shown:>7} {found['steps']:>7} {found['seconds']:>8} {found['mebibytes']:>5}  {result}", flush=True)
                seconds, peak = seconds + found["seconds"], max(peak, found["mebibytes"])
                operations |= set(found["operations"])
    answer = {PROVED: "proved", REFUTED: "REFUTED", UNDECIDED: "NOT PROVED"}[worst]
    print(f"{answer}: {seconds:.0f} s of processor time, {peak} MiB at most, {len(operations)} operations of VEX")
    return worst


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--claim")
    arguments.add_argument("--length", type=int)
    arguments.add_argument("--mode", choices=MEMORY, default="quick")
    arguments.add_argument("paths", nargs="+")
    given = arguments.parse_args()
    if given.claim:
        prove_here(given.paths[0], given.claim, given.length)
        return PROVED
    try:
        return run(given.mode, given.paths)
    except NotDecided as reason:
        print(f"proof: {reason}", file=sys.stderr)
        return UNDECIDED


if __name__ == "__main__":
    sys.exit(main())
