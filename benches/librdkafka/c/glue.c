#include "glue.h"

#include "carriers.h"
#include "processes.h"

#define LISTS 64

/* The works, which a profiler finds by their names. */
uint64_t bench_extract(const rd_kafka_headers_t *headers);
uint64_t bench_inject(const tracebaton_context_t *context);

/* E1 from a list of librdkafka's. */
__attribute__((noinline)) uint64_t bench_extract(const rd_kafka_headers_t *headers) {
    tracebaton_extracted_t extracted;
    if (tracebaton_rdkafka_extract_headers(headers, &extracted))
        return 0;
    return extracted.context.span_id.bytes[7] + extracted.context.tracestate_size + extracted.context.baggage_size;
}

/* I1 into a new list of librdkafka's, which is destroyed again. */
__attribute__((noinline)) uint64_t bench_inject(const tracebaton_context_t *context) {
    tracebaton_injection_t injection;
    rd_kafka_headers_t *headers = rd_kafka_headers_new(2);
    uint64_t count;
    tracebaton_injection_prepare(context, &injection);
    tracebaton_rdkafka_inject(&injection, headers);
    count = rd_kafka_header_cnt(headers);
    rd_kafka_headers_destroy(headers);
    return count;
}

static tracebaton_context_t context_of(uint64_t nth) {
    tracebaton_context_t context;
    memset(&context, 0, sizeof(context));
    random_bytes(nth, context.trace_id.bytes);
    random_bytes(nth + 1, context.trace_id.bytes + 8);
    random_bytes(nth + 2, context.span_id.bytes);
    context.trace_flags = TRACEBATON_FLAG_SAMPLED;
    context.tracestate = TRACESTATE;
    context.tracestate_size = sizeof(TRACESTATE) - 1;
    return context;
}

/* Eight headers, the last three of them ours. */
static rd_kafka_headers_t *list_of(uint64_t nth) {
    static const char *const others[][2] = {{"content-type", "application/json"},
                                            {"schema-id", "4711"},
                                            {"correlation-id", "5c9e1f0a-33d1-4b5e-9f5c-2f6f1d6f8a10"},
                                            {"event-type", "order-placed"},
                                            {"source", "checkout"}};
    rd_kafka_headers_t *headers = rd_kafka_headers_new(8);
    tracebaton_context_t context = context_of(nth);
    tracebaton_injection_t injection;
    size_t i;
    context.baggage = "userId=alice,region=eu-west";
    context.baggage_size = strlen(context.baggage);
    for (i = 0; i < sizeof(others) / sizeof(others[0]); i++)
        rd_kafka_header_add(headers, others[i][0], -1, others[i][1], -1);
    tracebaton_injection_prepare(&context, &injection);
    tracebaton_rdkafka_inject(&injection, headers);
    return headers;
}

uint64_t glue_run(int work, uint64_t times, uint64_t *used) {
    rd_kafka_headers_t *lists[LISTS];
    tracebaton_context_t contexts[LISTS];
    uint64_t i, before, sum = 0;
    for (i = 0; i < LISTS; i++) {
        lists[i] = list_of(i);
        contexts[i] = context_of(i);
    }
    before = thread_time();
    for (i = 0; i < times; i++)
        sum += work == GLUE_EXTRACT ? bench_extract(lists[i % LISTS]) : bench_inject(&contexts[i % LISTS]);
    *used = thread_time() - before;
    for (i = 0; i < LISTS; i++)
        rd_kafka_headers_destroy(lists[i]);
    return sum;
}
