/* Records from a producer to a consumer, each in a process of its own, as is the broker between them. */
#ifndef TRAFFIC_H
#define TRAFFIC_H

#include <stdint.h>

/* What one process used for all its records, in nanoseconds; how long it took is that between the first and the last. */
struct usage {
    uint64_t processor_time;
    uint64_t elapsed;
    int32_t process;
};

struct traffic {
    struct usage producer, consumer;
    /* How many records did not carry what they should. */
    uint64_t wrong;
};

/* Runs so many records of `payload_size` bytes; 0 if it could, and then all have arrived. */
int traffic_run(int carrier, uint64_t records, uint64_t payload_size, struct traffic *traffic);

#endif
