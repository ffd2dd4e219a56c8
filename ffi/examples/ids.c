/*
 * Ids, a traceparent outside a record, the message of a status, queue time and versions.
 *
 * Prints:
 *
 *     trace 0af7651916cd43dd8448eb211c80319c span b7ad6b7169203331
 *     00-0af7651916cd43dd8448eb211c80319c-00f067aa0ba902b7-01
 *     trace_id: the trace-id is not 32 lower-case hexadecimal digits
 *     waited 250 ms
 *     the library is not older than its header
 */
#include <stdio.h>
#include <string.h>
#include <tracebaton.h>

static void ids(void) {
    static const char value[] = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    char trace_id[TRACEBATON_TRACE_ID_HEX_SIZE], span_id[TRACEBATON_SPAN_ID_HEX_SIZE];
    char traceparent[TRACEBATON_TRACEPARENT_SIZE];
    tracebaton_context_t context, child;
    tracebaton_span_id_t child_id;

    if (tracebaton_traceparent_parse(value, strlen(value), &context) != TRACEBATON_OK)
        return;
    tracebaton_trace_id_to_hex(&context.trace_id, trace_id);
    tracebaton_span_id_to_hex(&context.span_id, span_id);
    printf("trace %.*s span %.*s\n", (int)sizeof(trace_id), trace_id, (int)sizeof(span_id), span_id);

    if (tracebaton_span_id_from_hex("00f067aa0ba902b7", 16, &child_id) == TRACEBATON_OK &&
        tracebaton_context_child(&context, &child_id, &child) == TRACEBATON_OK &&
        tracebaton_traceparent_format(&child, traceparent) == TRACEBATON_OK)
        printf("%.*s\n", (int)sizeof(traceparent), traceparent);
}

static void errors(void) {
    tracebaton_trace_id_t trace_id;
    const tracebaton_status_t status = tracebaton_trace_id_from_hex("0AF7651916CD43DD8448EB211C80319C", 32, &trace_id);
    if (status < 0)
        printf("%s: %s\n", tracebaton_status_name(status), tracebaton_status_message(status));
}

static void queue_time(void) {
    const int64_t timestamp = 1700000000000, now = timestamp + 250; /* milliseconds since the Unix epoch */
    tracebaton_queue_time_t waited;
    if (tracebaton_queue_time_between(timestamp, TRACEBATON_TIMESTAMP_CREATE_TIME, now, &waited) == TRACEBATON_OK)
        printf("waited %ld ms\n", (long)waited.milliseconds);
}

int main(void) {
    ids();
    errors();
    queue_time();
    if (tracebaton_version_number() >= TRACEBATON_VERSION_NUMBER)
        printf("the library is not older than its header\n");
    else
        printf("%s is older than %s\n", tracebaton_version(), TRACEBATON_VERSION);
    return 0;
}
