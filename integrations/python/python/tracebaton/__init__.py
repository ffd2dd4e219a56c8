"""Carries W3C trace context and baggage across Apache Kafka. See `tracebaton.kafka_tracing`."""
