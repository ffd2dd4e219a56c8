#include "carriers.h"

#include <time.h>

static rd_kafka_resp_err_t send_with(const struct destination *to, const char *payload, size_t size, rd_kafka_headers_t *headers) {
    return rd_kafka_producev(to->producer, RD_KAFKA_V_TOPIC(to->topic), RD_KAFKA_V_PARTITION(to->partition),
                             RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_VALUE((void *)(uintptr_t)payload, size),
                             RD_KAFKA_V_HEADERS(headers), RD_KAFKA_V_END);
}

static rd_kafka_resp_err_t send_nothing(const struct destination *to, const char *payload, size_t size, uint64_t nth) {
    (void)nth;
    return rd_kafka_producev(to->producer, RD_KAFKA_V_TOPIC(to->topic), RD_KAFKA_V_PARTITION(to->partition),
                             RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_VALUE((void *)(uintptr_t)payload, size),
                             RD_KAFKA_V_END);
}

static uint64_t receive_nothing(const rd_kafka_message_t *message) {
    return message->len;
}

static int is_anything(uint64_t received) {
    return received > 0;
}

/* Headers of the same names and sizes, with constant bytes that are never read. */
static rd_kafka_resp_err_t send_constant(const struct destination *to, const char *payload, size_t size, uint64_t nth) {
    rd_kafka_headers_t *headers = rd_kafka_headers_new(2);
    rd_kafka_resp_err_t err;
    (void)nth;
    rd_kafka_header_add(headers, "traceparent", sizeof("traceparent") - 1, TRACEPARENT, sizeof(TRACEPARENT) - 1);
    rd_kafka_header_add(headers, "tracestate", sizeof("tracestate") - 1, TRACESTATE, sizeof(TRACESTATE) - 1);
    err = send_with(to, payload, size, headers);
    if (err)
        rd_kafka_headers_destroy(headers);
    return err;
}

static uint64_t receive_constant(const rd_kafka_message_t *message) {
    rd_kafka_headers_t *headers;
    const void *value;
    size_t parent = 0, state = 0;
    if (rd_kafka_message_headers(message, &headers) ||
        rd_kafka_header_get_last(headers, "traceparent", &value, &parent) ||
        rd_kafka_header_get_last(headers, "tracestate", &value, &state))
        return 0;
    return parent + state;
}

static int is_constant(uint64_t received) {
    return received == sizeof(TRACEPARENT) - 1 + sizeof(TRACESTATE) - 1;
}

/* Each record has its own span; all spans are in one trace. */
static rd_kafka_resp_err_t send_codec(const struct destination *to, const char *payload, size_t size, uint64_t nth) {
    static const tracebaton_trace_id_t trace_id = {{0x0a, 0xf7, 0x65, 0x19, 0x16, 0xcd, 0x43, 0xdd,
                                                    0x84, 0x48, 0xeb, 0x21, 0x1c, 0x80, 0x31, 0x9c}};
    tracebaton_rdkafka_record_t record = tracebaton_rdkafka_record(to->topic, payload, size);
    tracebaton_context_t context = {0};
    tracebaton_injection_t injection = {0};
    tracebaton_span_id_random_t random;
    context.trace_id = trace_id;
    context.trace_flags = TRACEBATON_FLAG_SAMPLED;
    context.tracestate = TRACESTATE;
    context.tracestate_size = sizeof(TRACESTATE) - 1;
    random_bytes(nth, random.bytes);
    tracebaton_span_id_generate(&random, &context.span_id);
    tracebaton_injection_prepare(&context, &injection);
    record.partition = to->partition;
    return tracebaton_rdkafka_produce(to->producer, &record, &injection, NULL);
}

/* The time of consumption, read once for all records. Its clock is the application's, not the codec's. */
static int64_t now(void) {
    static int64_t once;
    if (!once)
        once = (int64_t)time(NULL) * 1000;
    return once;
}

static uint64_t receive_codec(const rd_kafka_message_t *message) {
    tracebaton_extracted_t extracted;
    tracebaton_queue_time_t waited;
    if (tracebaton_rdkafka_extract(message, &extracted) || tracebaton_rdkafka_queue_time(message, now(), &waited))
        return 0;
    return extracted.context.trace_id.bytes[0] + extracted.context.tracestate_size + (waited.milliseconds == INT64_MIN);
}

static int is_context(uint64_t received) {
    return received == 0x0a + sizeof(TRACESTATE) - 1;
}

const struct carrier carriers[CARRIER_COUNT] = {
    {send_nothing, receive_nothing, is_anything},
    {send_constant, receive_constant, is_constant},
    {send_codec, receive_codec, is_context},
};

void random_bytes(uint64_t nth, uint8_t bytes[8]) {
    /* SplitMix64. */
    uint64_t mixed = (nth + 1) * UINT64_C(0x9e3779b97f4a7c15);
    mixed = (mixed ^ mixed >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    mixed = (mixed ^ mixed >> 27) * UINT64_C(0x94d049bb133111eb);
    mixed ^= mixed >> 31;
    memcpy(bytes, &mixed, sizeof(mixed));
}
