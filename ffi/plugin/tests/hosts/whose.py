"""Relays 400 records from "in" to "out" in ways in which a thread may know the context of another record:

    whose.py BROKERS WAY [PROPERTY=VALUE...]

Prints how many records it has produced.
"""

import asyncio
import random
import sys
from concurrent.futures import ThreadPoolExecutor

from confluent_kafka import Consumer, Producer, TopicPartition
from confluent_kafka.aio import AIOConsumer, AIOProducer

BROKERS, WAY = sys.argv[1:3]
CLIENT = {"bootstrap.servers": BROKERS, **dict(property.split("=", 1) for property in sys.argv[3:])}
CONSUMER = {**CLIENT, "group.id": "relay", "fetch.wait.max.ms": 10}
PARTITIONS, COUNT = 4, 100  # Of "in", and in each.


def new_consumer(partitions=range(PARTITIONS)):
    consumer = Consumer(CONSUMER)
    consumer.assign([TopicPartition("in", partition, 0) for partition in partitions])
    return consumer


def take(consumer):
    """The value of the next record."""
    while True:
        message = consumer.poll(1)
        if message is not None and not message.error():
            return message.value()


def finish(producer):
    assert producer.flush(60) == 0


def loop():
    """One record after the other, in one thread."""
    consumer, producer = new_consumer(), Producer(CLIENT)
    for _ in range(PARTITIONS * COUNT):
        producer.produce("out", take(consumer), partition=0)
    finish(producer)
    consumer.close()


def two_consumers():
    """The same from two consumers in turns."""
    consumers, producer = [new_consumer(range(0, 2)), new_consumer(range(2, 4))], Producer(CLIENT)
    for index in range(PARTITIONS * COUNT):
        producer.produce("out", take(consumers[index % 2]), partition=0)
    finish(producer)


def fan_out():
    """Each record leads to two."""
    consumer, producer = new_consumer(), Producer(CLIENT)
    for _ in range(PARTITIONS * COUNT):
        value = take(consumer)
        producer.produce("out", value, partition=0)
        producer.produce("out", value, partition=0)
    finish(producer)


def filtering():
    """Every second record is dropped."""
    consumer, producer = new_consumer(), Producer(CLIENT)
    for index in range(PARTITIONS * COUNT):
        value = take(consumer)
        if index % 2:
            producer.produce("out", value, partition=0)
    finish(producer)


def batches():
    """Batches of ten records."""
    consumer, producer = new_consumer(), Producer(CLIENT)
    left = PARTITIONS * COUNT
    while left:
        messages = consumer.consume(min(left, 10), 1)
        for message in messages:
            producer.produce("out", message.value(), partition=0)
        left -= len(messages)
    finish(producer)


def workers():
    """One thread consumes, others produce."""
    consumer, producer = new_consumer(), Producer(CLIENT)
    with ThreadPoolExecutor(4) as pool:
        for _ in range(PARTITIONS * COUNT):
            pool.submit(producer.produce, "out", take(consumer), partition=0)
    finish(producer)


def pool_consumes():
    """Tasks of a pool take a record each, and others produce it."""
    consumers, producer = [new_consumer([partition]) for partition in range(PARTITIONS)], Producer(CLIENT)
    with ThreadPoolExecutor(PARTITIONS) as pool:
        for _ in range(COUNT):
            values = list(pool.map(take, consumers))
            list(pool.map(lambda value: producer.produce("out", value, partition=0), values))
    finish(producer)


def swap():
    """Two threads consume from a consumer each, and each produces what the other has consumed."""
    consumers, producer = [new_consumer(range(0, 2)), new_consumer(range(2, 4))], Producer(CLIENT)
    with ThreadPoolExecutor(1) as first, ThreadPoolExecutor(1) as second:
        for _ in range(PARTITIONS * COUNT // 2):
            values = [first.submit(take, consumers[0]), second.submit(take, consumers[1])]
            for pool, value in zip([second, first], values):
                pool.submit(producer.produce, "out", value.result(), partition=0).result()
    finish(producer)


async def tasks(copies):
    """One thread, but each record is handled in a task of its own, which waits and then produces it so many times."""
    consumer, producer = new_consumer(), Producer(CLIENT)

    async def handle(value):
        for _ in range(copies):
            await asyncio.sleep(random.random() / 1000)
            producer.produce("out", value, partition=0)

    async with asyncio.TaskGroup() as group:
        left = PARTITIONS * COUNT
        while left:
            message = consumer.poll(0)
            if message is not None and not message.error():
                group.create_task(handle(message.value()))
                left -= 1
            await asyncio.sleep(0.0005)
    finish(producer)


async def aio(workers, batch):
    """confluent-kafka's AIO clients, on one executor."""
    executor = ThreadPoolExecutor(workers)
    producer = AIOProducer(CLIENT, executor=executor, batch_size=batch, buffer_timeout=0.01)

    async def relay(partition):
        consumer = AIOConsumer(CONSUMER, executor=executor)
        await consumer.assign([TopicPartition("in", partition, 0)])
        left = COUNT
        deliveries = []
        while left:
            message = await consumer.poll(0.1)
            if message is not None and not message.error():
                deliveries.append(await producer.produce("out", value=message.value(), partition=0))
                left -= 1
        await producer.flush()
        await asyncio.gather(*deliveries)
        await consumer.close()

    await asyncio.gather(*(relay(partition) for partition in range(PARTITIONS)))
    await producer.close()


def heartbeats():
    """One record after the other, with one of no record's in between."""
    consumer, producer = new_consumer(), Producer(CLIENT)
    for _ in range(PARTITIONS * COUNT):
        producer.produce("out", take(consumer), partition=0)
        producer.produce("out", b"heartbeat", partition=0)
    finish(producer)


def heartbeats_first():
    """The same the other way round."""
    consumer, producer = new_consumer(), Producer(CLIENT)
    for _ in range(PARTITIONS * COUNT):
        value = take(consumer)
        producer.produce("out", b"heartbeat", partition=0)
        producer.produce("out", value, partition=0)
    finish(producer)


def idle():
    """The records, then a heartbeat when none came any more."""
    consumer, producer = new_consumer(), Producer(CLIENT)
    for _ in range(PARTITIONS * COUNT):
        producer.produce("out", take(consumer), partition=0)
    assert consumer.poll(0.5) is None
    producer.produce("out", b"heartbeat", partition=0)
    finish(producer)


# What is done, and how many records it produces.
WAYS = {
    "loop": (loop, 400),
    "two consumers": (two_consumers, 400),
    "fan-out": (fan_out, 800),
    "filtering": (filtering, 200),
    "batches": (batches, 400),
    "workers": (workers, 400),
    "pool consumes": (pool_consumes, 400),
    "swap": (swap, 400),
    "tasks": (lambda: asyncio.run(tasks(1)), 400),
    "tasks with two": (lambda: asyncio.run(tasks(2)), 800),
    "aio": (lambda: asyncio.run(aio(4, 1)), 400),
    "aio, one worker": (lambda: asyncio.run(aio(1, 1)), 400),
    "aio, batches": (lambda: asyncio.run(aio(4, 100)), 400),
    "heartbeats": (heartbeats, 800),
    "heartbeats first": (heartbeats_first, 800),
    "idle": (idle, 401),
}
work, produced = WAYS[WAY]
work()
print(produced)
