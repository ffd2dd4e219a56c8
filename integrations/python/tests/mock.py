"""The mock cluster that is in every librdkafka."""

from confluent_kafka import Producer


class Cluster:
    """A cluster of one broker, as long as it is referred to."""

    def __init__(self):
        self._owner = Producer({"test.mock.num.brokers": 1, "log_level": 2})
        brokers = self._owner.list_topics(timeout=10).brokers.values()
        self.brokers = ",".join(f"{broker.host}:{broker.port}" for broker in brokers)
