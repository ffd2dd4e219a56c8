/* The packing service, written in C: consumes, works, and produces in the trace of the consumed record. */
#ifndef PACKING_H
#define PACKING_H

#include <stddef.h>
#include <stdint.h>

#define PACKING_ERROR_SIZE 512
#define PACKING_KEY_SIZE 64
#define PACKING_TRACESTATE_SIZE 8193

/* Results of packing_step(). */
enum {
    PACKING_FAILED = -1, /* packing_error() says why. */
    PACKING_NOTHING = 0, /* No record in time. */
    PACKING_END = 1,     /* The end of a partition was reached, for now. */
    PACKING_PACKED = 2   /* One record was consumed and another produced. */
};

struct packing_options {
    const char *brokers;
    const char *from;    /* Topic to consume, from its beginning. */
    int32_t partitions;  /* How many that topic has. */
    const char *to;      /* Topic to produce to. */
    int32_t propagate;   /* 0: no trace headers are read or written. */
};

/* A finished span and the place of its record. Times are in nanoseconds since the Unix epoch. */
struct packing_span {
    uint8_t trace_id[16];
    uint8_t span_id[8];
    uint8_t parent_id[8]; /* All zeros: none. */
    uint32_t trace_flags;
    int32_t partition;
    int64_t offset;
    int64_t start;
    int64_t end;
};

/* Result of one record. */
struct packing_parcel {
    char key[PACKING_KEY_SIZE];               /* Ends with a NUL. */
    char tracestate[PACKING_TRACESTATE_SIZE]; /* Of both spans; ends with a NUL. */
    struct packing_span process;
    struct packing_span send;
    int64_t queue_time; /* Milliseconds, signed. */
    int32_t timestamp_kind;
    int32_t reserved;
};

struct packing;

/* Starts to consume. Returns NULL with a message in error. Keeps no pointer to the options. */
struct packing *packing_open(const struct packing_options *options, char *error, size_t error_size);

/* Waits for a record up to this number of milliseconds, packs it, and returns when the broker has the next record. */
int packing_step(struct packing *packing, int timeout, struct packing_parcel *parcel);

/* Why the last packing_step() failed. Valid until the next step. */
const char *packing_error(const struct packing *packing);

/* Ends the service. May be NULL. */
void packing_close(struct packing *packing);

#endif
