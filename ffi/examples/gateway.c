/*
 * A gateway on a microcontroller: it gets the header block of a record from a sensor, continues its trace with a span of its
 * own, and writes the block to send. It has no Kafka client and little memory, so it reads the traceparent alone, and keeps
 * only as much of a tracestate as fits into 24 bytes.
 *
 * Prints:
 *
 *     continued, in 80 bytes
 *     tracestate: gate=on,rojo=1
 *     refused: the traceparent has fewer than 55 bytes, at byte 3
 */
#include <stdio.h>
#include <tracebaton.h>

static const tracebaton_span_id_t span_id = {{0x53, 0xce, 0x92, 0x9d, 0x0e, 0x0e, 0x47, 0x36}}; /* from a random source */

/* A count, then sizes before names and values, each doubled; the value of the first header is null. */
static const char sensor[] = "\x04"
                             "\x12schema-id\x01"
                             "\x16traceparent\x6e" "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
static const tracebaton_header_t broken = {TRACEBATON_STR("traceparent"), TRACEBATON_STR("00-")};

/* Writes the block to send, whose size is the result; 0 if there is no trace to continue. */
static size_t hop(const void *block, size_t block_size, void *answer, size_t capacity) {
    tracebaton_header_t headers[8 + TRACEBATON_MAX_HEADERS];
    tracebaton_reader_t reader = {0};
    tracebaton_raw_headers_t cursor;
    tracebaton_injection_t injection;
    tracebaton_context_t context;
    tracebaton_verdict_t traceparent;
    size_t count = 0, offset, answer_size = 0;
    if (tracebaton_raw_headers_start(block, block_size, &cursor, &offset) < 0)
        return 0;
    for (; count < 8 && tracebaton_raw_headers_next(&cursor, &headers[count]) == TRACEBATON_OK; count++)
        tracebaton_reader_add(&reader, headers[count].name, headers[count].name_size, headers[count].value,
                              headers[count].value_size);
    if (tracebaton_reader_finish_traceparent(&reader, &context, &traceparent) != TRACEBATON_OK ||
        tracebaton_context_child(&context, &span_id, &context) != TRACEBATON_OK ||
        tracebaton_injection_prepare(&context, &injection) != TRACEBATON_OK ||
        tracebaton_headers_inject(&injection, headers, &count, sizeof(headers) / sizeof(headers[0])) != TRACEBATON_OK ||
        tracebaton_raw_headers_write(headers, count, answer, capacity, &answer_size) != TRACEBATON_OK)
        return 0;
    return answer_size;
}

int main(void) {
    static const tracebaton_context_t received = {.tracestate = "rojo=1,congo=00f067aa0ba902b7", .tracestate_size = 29};
    tracebaton_context_t context = received, none;
    tracebaton_verdict_t verdict;
    char answer[256], states[24];
    const size_t size = hop(sensor, sizeof(sensor) - 1, answer, sizeof(answer));
    printf("continued, in %lu bytes\n", (unsigned long)size);
    if (tracebaton_tracestate_insert_within(&context, TRACEBATON_STR("gate"), TRACEBATON_STR("on"), states, sizeof(states)) < 0)
        return 1;
    printf("tracestate: %.*s\n", (int)context.tracestate_size, context.tracestate);
    if (tracebaton_headers_extract_traceparent(&broken, 1, &none, &verdict) == TRACEBATON_NO_CONTEXT)
        printf("refused: %s, at byte %lu\n", tracebaton_status_message(verdict.status), (unsigned long)verdict.offset);
    return size > 0 ? 0 : 1;
}
