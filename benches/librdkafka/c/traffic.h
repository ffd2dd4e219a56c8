/* Records from a producer to a consumer. The producer, the consumer and the broker are separate processes. */
#ifndef TRAFFIC_H
#define TRAFFIC_H

#include <stdint.h>

/*
 * The processor time of one process for all its records, and the time from the first to the last record, in
 * nanoseconds.
 */
struct usage {
    uint64_t processor_time;
    uint64_t elapsed;
    int32_t process;
};

struct traffic {
    struct usage producer, consumer;
    /* How many records did not have the expected headers. */
    uint64_t wrong;
    /* The bytes that the producer sent to the brokers; 0 if they were not counted. */
    uint64_t wire_bytes;
};

enum { MOST_THREADS = 8 };

struct traffic_plan {
    /* The address of a broker; NULL for a mock cluster. */
    const char *brokers;
    /* A topic that does not exist yet; "orders" on the mock cluster. */
    const char *topic;
    /* A codec of librdkafka, or "none". */
    const char *compression;
    /* The records of each thread, and the size of their values in bytes. */
    uint64_t records, payload_size;
    int32_t carrier;
    /* The threads of the producer, which share one client, and of the consumer, each with a client and a partition. */
    int32_t threads;
    int32_t counts_wire_bytes;
};

/* Sends the records. Returns 0 if all have arrived. */
int traffic_run(const struct traffic_plan *plan, struct traffic *traffic);

#endif
