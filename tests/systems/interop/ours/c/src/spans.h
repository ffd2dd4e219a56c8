/* Spans by hand: this program has no tracer. */
#ifndef SPANS_H
#define SPANS_H

#include <jansson.h>
#include <tracebaton_rdkafka.h>

/* Microseconds since the Unix epoch. */
int64_t now(void);

/* Begins a span below this context, or that of a new trace where there is none; it is given as its context. */
void start_span(const tracebaton_context_t *parent, tracebaton_context_t *span);

/* What there is to tell of a span so far: all but its end. */
json_t *describe_span(const char *kind, const tracebaton_context_t *span, const tracebaton_context_t *parent,
                      const char *topic, const void *key, size_t key_size);

/* Adds how long the record of a consumer's span waited. */
void describe_wait(json_t *described, const rd_kafka_message_t *message);

/* Ends a span: it goes to the list if it is sampled. */
void end_span(json_t *described, const tracebaton_context_t *span, json_t *finished);

#endif
