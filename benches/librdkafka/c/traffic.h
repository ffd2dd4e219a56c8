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
};

/* Sends this many records of `payload_size` bytes. Returns 0 if all have arrived. */
int traffic_run(int carrier, uint64_t records, uint64_t payload_size, struct traffic *traffic);

#endif
