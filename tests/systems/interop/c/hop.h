/* A hop in C, as in a service: reads a record's headers, and produces the record again in the same trace. */
#ifndef HOP_H
#define HOP_H

#include <stddef.h>
#include <stdint.h>

#include <tracebaton_rdkafka.h>

struct reading {
    /* All zeros if there is no span context. */
    tracebaton_trace_id_t trace_id;
    tracebaton_span_id_t span_id;
    uint32_t traceparents;
    int32_t timestamp_kind;
    int64_t queue_time;
};

/* Reads the headers of a record, and computes its queue time at `now`, in milliseconds since the Unix epoch. */
void hop_read(const rd_kafka_message_t *message, int64_t now, struct reading *reading);

/* Produces the record to this topic with another value, as a child of the span in its headers. */
rd_kafka_resp_err_t hop_send(rd_kafka_t *producer, const rd_kafka_message_t *message, const char *topic, const char *value,
                             size_t value_size, const tracebaton_span_id_t *span_id);

#endif
