/*
 * A gateway on a microcontroller: it gets the header block of a record from a sensor, continues its trace with a span of its
 * own, and writes the block to send. It has no Kafka client and little memory, so it reads the traceparent alone, and keeps
 * only as much of a tracestate as fits into 24 bytes. A block with more headers than it can hold is sent unchanged.
 *
 * Prints:
 *
 *     2 headers: continued, in 80 bytes
 *     10 headers: sent unchanged, in 114 bytes
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
/* The trace is in the last of ten headers. */
static const char busy_sensor[] = "\x14"
                                  "\x04t1\x02" "7" "\x04t2\x02" "7" "\x04t3\x02" "7"
                                  "\x04t4\x02" "7" "\x04t5\x02" "7" "\x04t6\x02" "7"
                                  "\x04t7\x02" "7" "\x04t8\x02" "7" "\x04t9\x02" "7"
                                  "\x16traceparent\x6e" "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
static const tracebaton_header_t broken = {TRACEBATON_STR("traceparent"), TRACEBATON_STR("00-")};

enum { MOST_HEADERS = 8 };

/* Reads all headers of a block. Returns 0 if it is malformed or has too many: then it must not be written from what was read. */
static int read_headers(const void *block, size_t size, tracebaton_header_t *headers, size_t *count, tracebaton_reader_t *reader) {
    tracebaton_raw_headers_t cursor;
    tracebaton_header_t header;
    size_t offset;
    if (tracebaton_raw_headers_start(block, size, &cursor, &offset) < 0)
        return 0; /* malformed at this offset */
    for (*count = 0; tracebaton_raw_headers_next(&cursor, &header) == TRACEBATON_OK; ++*count) {
        if (*count == MOST_HEADERS)
            return 0;
        headers[*count] = header;
        tracebaton_reader_add(reader, header.name, header.name_size, header.value, header.value_size);
    }
    return 1;
}

/* Writes the block with a child of the received span. Returns its size; 0 if the received block must be sent instead. */
static size_t hop(const void *block, size_t block_size, void *answer, size_t capacity) {
    tracebaton_header_t headers[MOST_HEADERS + TRACEBATON_MAX_HEADERS];
    tracebaton_reader_t reader = {0};
    tracebaton_injection_t injection;
    tracebaton_context_t context;
    tracebaton_verdict_t traceparent;
    size_t count, answer_size;
    if (!read_headers(block, block_size, headers, &count, &reader) ||
        tracebaton_reader_finish_traceparent(&reader, &context, &traceparent) != TRACEBATON_OK ||
        tracebaton_context_child(&context, &span_id, &context) != TRACEBATON_OK ||
        tracebaton_injection_prepare(&context, &injection) != TRACEBATON_OK ||
        tracebaton_headers_inject(&injection, headers, &count, sizeof(headers) / sizeof(headers[0])) != TRACEBATON_OK ||
        tracebaton_raw_headers_write(headers, count, answer, capacity, &answer_size) != TRACEBATON_OK)
        return 0;
    return answer_size;
}

static void gateway(int count, const void *block, size_t block_size) {
    char answer[256];
    const size_t size = hop(block, block_size, answer, sizeof(answer));
    /* Send `size` bytes of `answer`, or the received block. */
    printf("%d headers: %s, in %lu bytes\n", count, size ? "continued" : "sent unchanged",
           (unsigned long)(size ? size : block_size));
}

int main(void) {
    static const tracebaton_context_t received = {.tracestate = "rojo=1,congo=00f067aa0ba902b7", .tracestate_size = 29};
    tracebaton_context_t context = received, none;
    tracebaton_verdict_t verdict;
    char states[24];
    gateway(2, sensor, sizeof(sensor) - 1);
    gateway(10, busy_sensor, sizeof(busy_sensor) - 1);
    if (tracebaton_tracestate_insert_within(&context, TRACEBATON_STR("gate"), TRACEBATON_STR("on"), states, sizeof(states)) < 0)
        return 1;
    printf("tracestate: %.*s\n", (int)context.tracestate_size, context.tracestate);
    if (tracebaton_headers_extract_traceparent(&broken, 1, &none, &verdict) == TRACEBATON_NO_CONTEXT)
        printf("refused: %s, at byte %lu\n", tracebaton_status_message(verdict.status), (unsigned long)verdict.offset);
    return 0;
}
