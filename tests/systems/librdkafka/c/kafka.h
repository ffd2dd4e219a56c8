/* A mock cluster with one broker and two topics of one partition, a producer, and a consumer of both topics. */
#ifndef KAFKA_H
#define KAFKA_H

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#ifdef __cplusplus
extern "C" {
#endif

#define KAFKA_TOPIC "orders"
#define KAFKA_NEXT_TOPIC "payments"

struct kafka {
    rd_kafka_t *producer;
    rd_kafka_t *consumer;
    rd_kafka_mock_cluster_t *cluster;
    int delivered;   /* delivery reports without an error */
    int undelivered; /* delivery reports with an error */
};

/* Starts everything; exits on failure. `options` are NULL, or name-value pairs for the producer, ended by NULL. */
void kafka_start(struct kafka *kafka, const char *const *options);

/* Waits for the reports of all records, then frees everything. */
void kafka_stop(struct kafka *kafka);

/* The next record, which the caller destroys; exits if none arrives within a minute. */
rd_kafka_message_t *kafka_consume(struct kafka *kafka);

/* Produces a record with these headers and this value (may be NULL), and consumes it. Takes ownership of the list. */
rd_kafka_message_t *kafka_round_trip_of(struct kafka *kafka, rd_kafka_headers_t *headers, void *value, size_t size);

/* The same without a value. */
rd_kafka_message_t *kafka_round_trip(struct kafka *kafka, rd_kafka_headers_t *headers);

#ifdef __cplusplus
}
#endif

#endif
