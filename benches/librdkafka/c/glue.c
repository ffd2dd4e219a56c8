#include "glue.h"

#include "carriers.h"
#include "kafka.h"
#include "processes.h"

#define LISTS 64

/* The works; a profiler finds them by these names. */
uint64_t bench_extract(const rd_kafka_headers_t *headers);
uint64_t bench_inject(const tracebaton_context_t *context);
rd_kafka_resp_err_t bench_hop(const rd_kafka_message_t *message, rd_kafka_t *producer, const tracebaton_context_t *ids);
uint64_t bench_strip(const rd_kafka_headers_t *headers);

/* E1 from a librdkafka list. */
__attribute__((noinline)) uint64_t bench_extract(const rd_kafka_headers_t *headers) {
    tracebaton_extracted_t extracted;
    if (tracebaton_rdkafka_extract_headers(headers, &extracted))
        return 0;
    return extracted.context.span_id.bytes[7] + extracted.context.tracestate_size + extracted.context.baggage_size;
}

/* I1 into a new librdkafka list, which is destroyed afterwards. */
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

/* The hop of the README: produces a child of a message with 8 headers, into the producer's queue. */
__attribute__((noinline)) rd_kafka_resp_err_t bench_hop(const rd_kafka_message_t *message, rd_kafka_t *producer,
                                                        const tracebaton_context_t *ids) {
    const uint8_t flags = TRACEBATON_FLAG_SAMPLED | TRACEBATON_FLAG_RANDOM;
    tracebaton_rdkafka_record_t record;
    if (!message)
        return RD_KAFKA_RESP_ERR__TIMED_OUT;
    if (message->err)
        return message->err;
    record = tracebaton_rdkafka_record_of(TOPIC, message);
    return tracebaton_rdkafka_produce_child(producer, &record, message, &ids->trace_id, &ids->span_id, flags, NULL);
}

/* Copies a list of 8 headers, strips every format from it, and destroys it. */
__attribute__((noinline)) uint64_t bench_strip(const rd_kafka_headers_t *headers) {
    rd_kafka_headers_t *copy = rd_kafka_headers_copy(headers);
    uint64_t count;
    tracebaton_rdkafka_strip_formats(copy, TRACEBATON_FORMATS_ALL);
    count = rd_kafka_header_cnt(copy);
    rd_kafka_headers_destroy(copy);
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

/* Eight headers; the last three are ours. */
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

/* A received message with the headers of list_of(). */
static rd_kafka_message_t *received(rd_kafka_t *producer, rd_kafka_t *consumer) {
    tracebaton_rdkafka_record_t record = tracebaton_rdkafka_record(TOPIC, "value", 5);
    rd_kafka_headers_t *headers = list_of(0);
    rd_kafka_resp_err_t err;
    int waits;
    record.headers = headers;
    err = tracebaton_rdkafka_produce(producer, &record, NULL, NULL);
    rd_kafka_headers_destroy(headers);
    if (err)
        give_up("no record", rd_kafka_err2str(err));
    for (waits = 0; waits < 600; waits++) {
        rd_kafka_message_t *message = rd_kafka_consumer_poll(consumer, 100);
        if (message && !message->err)
            return message;
        if (message)
            rd_kafka_message_destroy(message);
    }
    give_up("no record", "none arrived within a minute");
    return NULL;
}

static uint64_t run_hops(uint64_t times, uint64_t *used, const tracebaton_context_t *ids) {
    char address[64];
    rd_kafka_t *broker = kafka_broker(1, address, sizeof(address));
    rd_kafka_t *producer = kafka_producer(address, "none", NULL), *consumer = kafka_consumer(address, TOPIC, 0);
    rd_kafka_message_t *message = received(producer, consumer);
    uint64_t i, before, sum = 0;
    *used = 0;
    for (i = 0; i < times; i++) {
        rd_kafka_resp_err_t err;
        before = thread_time();
        err = bench_hop(message, producer, &ids[i % LISTS]);
        *used += thread_time() - before;
        sum += !err;
        if (rd_kafka_outq_len(producer) > 10000)
            rd_kafka_flush(producer, 60000);
    }
    rd_kafka_flush(producer, 60000);
    rd_kafka_message_destroy(message);
    rd_kafka_consumer_close(consumer);
    rd_kafka_destroy(consumer);
    rd_kafka_destroy(producer);
    rd_kafka_destroy(broker);
    return sum;
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
    for (i = 0; work != GLUE_HOP && i < times; i++)
        sum += work == GLUE_EXTRACT  ? bench_extract(lists[i % LISTS])
               : work == GLUE_INJECT ? bench_inject(&contexts[i % LISTS])
                                     : bench_strip(lists[i % LISTS]);
    *used = thread_time() - before;
    if (work == GLUE_HOP)
        sum = run_hops(times, used, contexts);
    for (i = 0; i < LISTS; i++)
        rd_kafka_headers_destroy(lists[i]);
    return sum;
}
