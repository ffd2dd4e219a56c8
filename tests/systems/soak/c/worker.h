/* A C service that uses the glue: reads records, and produces each one again in the same trace. */
#ifndef WORKER_H
#define WORKER_H

#include <stddef.h>
#include <stdint.h>

#include <tracebaton_rdkafka.h>

/* The beginning of every record's value; the rest is padding. */
struct payload {
    uint64_t sequence;
    uint32_t lane;
    uint32_t case_number;
    /* The trace to begin if the record has none. */
    tracebaton_trace_id_t trace_id;
    /* The span ids of the source, the first hop and the second. */
    tracebaton_span_id_t span_ids[3];
};

/* Receives events, from many threads at the same time. Pointers are valid until the call returns. */
struct listener {
    void *run;
    /* A record was read. */
    void (*received)(void *run, int32_t stage, const void *value, size_t value_size, const rd_kafka_headers_t *headers,
                     const tracebaton_extracted_t *extracted);
    /* A consumer skipped records that it had not read. */
    void (*skipped)(void *run, int32_t stage, int64_t expected, int64_t offset);
    /* A record was enqueued. 0: with its context; otherwise without it, for this reason. */
    void (*enqueued)(void *run, tracebaton_status_t written);
    /* The producer's queue was full; the same record will be tried again. */
    void (*queue_full)(void *run);
    void (*delivered)(void *run, rd_kafka_resp_err_t err);
    void (*client_error)(void *run, rd_kafka_resp_err_t err, const char *reason);
    void (*statistics)(void *run, const char *json, size_t size);
    /* The worker cannot continue. */
    void (*stopped)(void *run, const char *why);
};

/* A setting of librdkafka. */
struct setting {
    const char *name;
    const char *value;
};

struct settings {
    const struct setting *all;
    size_t count;
};

struct worker {
    const struct listener *listener;
    struct settings consumer;
    const char *from;
    int32_t partition;
    int32_t stage;
    /* NULL at the last stage. */
    rd_kafka_t *producer;
    const char *to;
};

/* The order for a worker, which it asks for between two records. */
enum order { ORDER_GO_ON, ORDER_RESTART, ORDER_STOP };

/*
 * A producer for any number of workers. NULL after an error was reported to listener->stopped(). The listener must
 * outlive it.
 */
rd_kafka_t *producer_open(const struct listener *listener, struct settings settings);
void producer_close(rd_kafka_t *producer);

/* Works until order() returns ORDER_STOP, or an error was reported to listener->stopped(). */
void worker_run(const struct worker *worker, enum order (*order)(void *desk), void *desk);

#endif
