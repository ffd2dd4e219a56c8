/* Records from a producer to a consumer. Producer, consumer and broker have a process each. */
#ifndef TRAFFIC_H
#define TRAFFIC_H

#include <stdint.h>

/* Processor time of one process for all its records, in nanoseconds. Elapsed time is from the first record to the last. */
struct usage {
    uint64_t processor_time;
    uint64_t elapsed;
    int32_t process;
};

struct traffic {
    struct usage producer, consumer;
    /* Number of records with wrong headers. */
    uint64_t wrong;
};

/* Runs this many records of `payload_size` bytes. Returns 0 if all have arrived. */
int traffic_run(int carrier, uint64_t records, uint64_t payload_size, struct traffic *traffic);

#endif
