import json
import unittest

import protocol


class Program:
    def produce(self, topic, records):
        return {"produced": [topic, *records], "spans": []}

    def consume(self, topic, count):
        raise protocol.Failure(f"{topic} has not {count}")

    def relay(self, topic, onward, count):
        return {"relayed": [topic, onward, count], "spans": []}


def answer(**command):
    return protocol.answer(Program(), json.dumps(command))


class Answers(unittest.TestCase):
    def test_commands(self):
        produced = answer(command="produce", topic="t", records=["r"])
        self.assertEqual(produced, {"produced": ["t", "r"], "spans": []})
        relayed = answer(command="relay", **{"from": "t", "to": "u"}, count=2)
        self.assertEqual(relayed, {"relayed": ["t", "u", 2], "spans": []})

    def test_a_failure_is_an_answer(self):
        self.assertEqual(answer(command="consume", topic="t", count=3), {"error": "Failure: t has not 3"})
        self.assertIn("error", answer(command="produce", topic="t"))
        self.assertEqual(answer(command="dance"), {"error": "there is no command dance"})
        self.assertIn("error", protocol.answer(Program(), "no JSON"))
