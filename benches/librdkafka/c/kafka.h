/* Clients and a cluster of one broker. The process ends if one cannot be created. */
#ifndef KAFKA_H
#define KAFKA_H

#include <librdkafka/rdkafka.h>

/* Ends the process with this message. */
void give_up(const char *what, const char *why);

/* A broker in this process, with a topic of this count of partitions. It is destroyed with the client; its address has at
 * most `size` bytes. */
rd_kafka_t *kafka_broker(int partitions, char *address, size_t size);

/* Creates a topic on a real broker. */
void kafka_create_topic(const char *address, const char *topic, int partitions);

/* Whether this librdkafka was built with a compression. */
int kafka_has_compression(const char *compression);

/* `compression` is a codec of librdkafka, or "none". With `wire_bytes`, the bytes that were sent to the brokers are
 * written there twice a second, while the producer is polled. */
rd_kafka_t *kafka_producer(const char *address, const char *compression, uint64_t *wire_bytes);

/* A consumer of the partition from the first record. */
rd_kafka_t *kafka_consumer(const char *address, const char *topic, int32_t partition);

#endif
