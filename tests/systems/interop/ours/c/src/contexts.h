/* Converts contexts between JSON and the codec. */
#ifndef CONTEXTS_H
#define CONTEXTS_H

#include <jansson.h>
#include <tracebaton.h>

/* A context made from JSON, and the memory that it points into. */
struct made_context {
    tracebaton_context_t context;
    char baggage[TRACEBATON_BAGGAGE_MAX_SIZE];
};

/* Reads a context, which points into the JSON. Returns an error, or NULL. */
const char *context_from_json(const json_t *json, struct made_context *made);

/* The codec's context as JSON. */
json_t *context_to_json(const tracebaton_context_t *context);

/* An id as hexadecimal digits; null if all its bytes are zero. */
json_t *trace_id_to_json(const tracebaton_trace_id_t *trace_id);
json_t *span_id_to_json(const tracebaton_span_id_t *span_id);

#endif
