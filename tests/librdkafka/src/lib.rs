//! tests/librdkafka
