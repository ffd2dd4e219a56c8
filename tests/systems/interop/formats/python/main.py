"""A tracer that has its own formats, over confluent-kafka: TRACER BROKERS SERVICE."""

import importlib
import json
import sys
import uuid
from importlib.metadata import version

import confluent_kafka

PATIENCE = 60
"""How many seconds a record may take to come."""


def send(tracer, producer, command):
    for record in command["records"]:
        headers = tracer.inject(command["format"], tracer.make(record["context"]))
        producer.produce(command["topic"], record["value"], record["key"], headers=headers)
    producer.flush()
    return {"sent": len(command["records"])}


def relay(tracer, producer, brokers, command):
    relayed = []
    for message in received(brokers, command["from"], command["count"]):
        headers, told, sent = [], None, None
        if context := tracer.extract(command["format"], message.headers() or []):
            # Before the child: a tracer may decide in the received context what the sender left open.
            told = tracer.tell(context)
            child = tracer.child(context)
            headers = tracer.inject(command["format"], child)
            sent = tracer.tell(child)
        producer.produce(command["to"], message.value(), message.key(), headers=headers)
        relayed.append({"key": message.key().decode(), "context": told, "sent": sent})
    producer.flush()
    return {"relayed": relayed}


def received(brokers, topic, count):
    settings = {"bootstrap.servers": brokers, "group.id": str(uuid.uuid4()), "auto.offset.reset": "earliest"}
    consumer = confluent_kafka.Consumer(settings)
    try:
        consumer.assign([confluent_kafka.TopicPartition(topic, 0, confluent_kafka.OFFSET_BEGINNING)])
        for _ in range(count):
            message = consumer.poll(PATIENCE)
            if message is None:
                raise TimeoutError(f"no record came within {PATIENCE} s")
            if message.error():
                raise RuntimeError(message.error())
            yield message
    finally:
        consumer.close()


def answer(tracer, producer, brokers, line):
    try:
        command = json.loads(line)
        if command["command"] == "send":
            return send(tracer, producer, command)
        return relay(tracer, producer, brokers, command)
    except Exception as error:  # any error of a library: the next command still runs
        return {"error": f"{type(error).__name__}: {error}"}


def main(name, brokers):
    tracer = importlib.import_module(f"over_{name}")
    producer = confluent_kafka.Producer({"bootstrap.servers": brokers, "acks": "all"})
    libraries = {library: version(library) for library in (*tracer.LIBRARIES, "confluent-kafka")}
    print(json.dumps({"ready": True, "language": "Python", "libraries": libraries}), flush=True)
    for line in sys.stdin:
        print(json.dumps(answer(tracer, producer, brokers, line)), flush=True)


main(*sys.argv[1:3])
