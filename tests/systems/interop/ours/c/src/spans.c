#define _DEFAULT_SOURCE

#include "spans.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "contexts.h"

int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_REALTIME, &time);
    return (int64_t)time.tv_sec * 1000000 + time.tv_nsec / 1000;
}

void start_span(const tracebaton_context_t *parent, tracebaton_context_t *span) {
    tracebaton_trace_id_random_t trace_random = {0};
    tracebaton_span_id_random_t span_random = {0};
    tracebaton_trace_id_t trace_id;
    tracebaton_span_id_t span_id;
    uint8_t flags = TRACEBATON_FLAG_SAMPLED;

    if (getentropy(&trace_random, sizeof(trace_random)) == 0 && getentropy(&span_random, sizeof(span_random)) == 0)
        flags |= TRACEBATON_FLAG_RANDOM;
    tracebaton_trace_id_generate(&trace_random, &trace_id);
    tracebaton_span_id_generate(&span_random, &span_id);
    tracebaton_context_child_or_root(parent, &trace_id, &span_id, flags, span);
}

json_t *describe_span(const char *kind, const tracebaton_context_t *span, const tracebaton_context_t *parent,
                      const char *topic, const void *key, size_t key_size) {
    char name[300];
    const int is_producer = strcmp(kind, "producer") == 0;
    snprintf(name, sizeof(name), "%s %s", is_producer ? "send" : "process", topic);
    return json_pack("{s:o, s:o, s:o, s:[], s:s, s:s, s:I, s:s, s:s%, s:n, s:n}", "trace_id",
                     trace_id_to_json(&span->trace_id), "span_id", span_id_to_json(&span->span_id), "parent",
                     span_id_to_json(&parent->span_id), "links", "name", name, "kind", kind, "start_us", (json_int_t)now(),
                     "topic", topic, "key", key ? (const char *)key : "", key_size, "queue_time_ms", "timestamp_type");
}

void describe_wait(json_t *described, const rd_kafka_message_t *message) {
    tracebaton_queue_time_t waited;
    if (tracebaton_rdkafka_queue_time(message, now() / 1000, &waited) != TRACEBATON_OK)
        return;
    json_object_set_new(described, "queue_time_ms", json_integer(waited.milliseconds));
    json_object_set_new(
        described, "timestamp_type",
        json_string(waited.kind == TRACEBATON_TIMESTAMP_LOG_APPEND_TIME ? "log_append_time" : "create_time"));
}

void end_span(json_t *described, const tracebaton_context_t *span, json_t *finished) {
    json_object_set_new(described, "end_us", json_integer(now()));
    if (span->trace_flags & TRACEBATON_FLAG_SAMPLED)
        json_array_append(finished, described);
    json_decref(described);
}
