/* Spans without a tracer. */
#ifndef SPANS_H
#define SPANS_H

#include <jansson.h>
#include <tracebaton_rdkafka.h>

/* Microseconds since the Unix epoch. */
int64_t now(void);

/* Begins a span as a child of `parent`, or of a new trace if that is empty. Writes the context of the span. */
void start_span(const tracebaton_context_t *parent, tracebaton_context_t *span);

/* The description of a span so far: all fields but its end. */
json_t *describe_span(const char *kind, const tracebaton_context_t *span, const tracebaton_context_t *parent,
                      const char *topic, const void *key, size_t key_size);

/* Adds the queue time of the record to a consumer's span. */
void describe_wait(json_t *described, const rd_kafka_message_t *message);

/* Ends a span, and adds it to the list if it is sampled. */
void end_span(json_t *described, const tracebaton_context_t *span, json_t *finished);

#endif
