"""The same program as relay.c, for the librdkafka in the wheel of confluent-kafka."""

import os
import sys
import threading

from confluent_kafka import Consumer, Producer, TopicPartition

BROKERS, THREADS, COUNT = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
PROPERTIES = dict(property.split("=", 1) for property in sys.argv[4:])
CLIENT = {"bootstrap.servers": BROKERS, **PROPERTIES}
HEADER = os.environ.get("RELAY_HEADER")
HEADERS = [tuple(HEADER.split("=", 1))] if HEADER else None

producer = Producer(CLIENT)


def relay(partition):
    consumer = Consumer({**CLIENT, "group.id": "relay", "fetch.wait.max.ms": 10})
    consumer.assign([TopicPartition("in", partition, 0)])
    left = COUNT
    while left:
        message = consumer.poll(1)
        if message is not None and not message.error():
            producer.produce("out", message.value(), partition=partition, headers=HEADERS)
            left -= 1
    consumer.close()


threads = [threading.Thread(target=relay, args=(partition,)) for partition in range(THREADS)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
sys.exit(producer.flush(60) > 0)
