"""A program that names the context of its records itself: set_current.py BROKERS PLUGIN."""

import ctypes
import sys
import threading

from confluent_kafka import Producer

BROKERS, PATH = sys.argv[1:]
plugin = ctypes.CDLL(PATH)


def context(number):
    return (
        f"00-0af7651916cd43dd8448eb21{number:08x}-b7ad6b7169203331-01".encode(),
        f"vendor=n{number}, other=1".encode(),
        f"number={number};property".encode(),
    )


def is_answered(expected, *values):
    answer = plugin.tracebaton_plugin_set_current(*values)
    assert answer == expected, f"{values}: {answer}"


producer = Producer({"bootstrap.servers": BROKERS, "plugin.library.paths": PATH, "tracebaton.forward": "set"})


def produce():
    producer.produce("out", b"", partition=0)


is_answered(0, *context(1))
thread = threading.Thread(target=produce)  # Another thread has no context.
thread.start()
thread.join()
produce()
plugin.tracebaton_plugin_clear()
produce()
is_answered(0, context(2)[0], None, None)
produce()
is_answered(1, None, None, context(3)[2])
produce()
is_answered(-105, context(1)[0].replace(b"a", b"A"), None, None)
is_answered(-207, context(1)[0], b"a=", None)
is_answered(-301, *context(1)[:2], b"k=" + b"v" * 8191)
is_answered(-3, b"01" + context(1)[0][2:] + b"-" + b"x" * 8137, None, None)
produce()  # What was refused has left no context, nor that from before.
sys.exit(producer.flush(60) > 0)
