"""The loop of a program of the matrix: see ../../README.md."""

import json
import sys

PATIENCE = 60
"""How many seconds a record may take to come."""


class Failure(Exception):
    """A command that could not be done."""


def say(line):
    print(json.dumps(line, ensure_ascii=False), flush=True)


def answer(program, line):
    try:
        command = json.loads(line)
        match command["command"]:
            case "produce":
                return program.produce(command["topic"], command["records"])
            case "consume":
                return program.consume(command["topic"], command["count"])
            case "relay":
                return program.relay(command["from"], command["to"], command["count"])
            case other:
                return {"error": f"there is no command {other}"}
    except Exception as error:  # any error of a library: the next command still runs
        return {"error": f"{type(error).__name__}: {error}"}


def serve(language, libraries, program):
    """Says that the program is ready, then does what standard input tells until it ends."""
    for stream in (sys.stdin, sys.stdout):
        stream.reconfigure(encoding="utf-8")
    say({"ready": True, "language": language, "libraries": libraries})
    for line in sys.stdin:
        say(answer(program, line))


def arguments():
    """The broker and the name of the service."""
    if len(sys.argv) != 3:
        sys.exit(f"usage: {sys.argv[0]} BROKERS SERVICE")
    return sys.argv[1:]
