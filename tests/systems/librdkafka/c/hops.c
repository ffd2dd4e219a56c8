/* Consumes and produces a record five times, with failures in between: it always has exactly one traceparent (W1). */
#include "check.h"
#include "kafka.h"
#include "lists.h"

#define HOPS 5
#define TRIES 5

static const tracebaton_header_t first[] = {HEADER("k", "v"), HEADER("TraceParent", PARENT("1")), HEADER("tracestate", "a=1"),
                                            NULL_HEADER("\377"), HEADER("baggage", "user=42;ttl=1")};

static void check_message(const char *row, const rd_kafka_message_t *message, int hop) {
    rd_kafka_headers_t *headers;
    tracebaton_extracted_t extracted;
    const void *value;
    size_t size;
    CHECK(row, tracebaton_rdkafka_extract(message, &extracted) == TRACEBATON_OK);
    CHECK(row, extracted.context.span_id.bytes[7] == hop);
    CHECK(row, extracted.context.trace_id.bytes[0] == 0x0a && extracted.context.trace_id.bytes[15] == 0x9c);
    CHECK(row, extracted.context.tracestate_size == 3 && !memcmp(extracted.context.tracestate, "a=1", 3));
    CHECK(row, extracted.context.baggage_size == 13 && !memcmp(extracted.context.baggage, "user=42;ttl=1", 13));
    CHECK(row, !rd_kafka_message_headers(message, &headers));
    CHECK(row, rd_kafka_header_cnt(headers) == 5);
    CHECK(row, list_occurrences(headers, "traceparent") == 1);
    CHECK(row, list_occurrences(headers, "tracestate") == 1 && list_occurrences(headers, "baggage") == 1);
    CHECK(row, !rd_kafka_header_get(headers, 0, "k", &value, &size) && size == 1);
    CHECK(row, !rd_kafka_header_get(headers, 0, "\377", &value, &size) && !value);
}

static tracebaton_injection_t child_of(const rd_kafka_headers_t *headers, int hop) {
    tracebaton_span_id_t span_id = {{1, 2, 3, 4, 5, 6, 7, 0}};
    tracebaton_extracted_t received;
    tracebaton_context_t sent;
    tracebaton_injection_t injection;
    span_id.bytes[7] = (uint8_t)hop;
    CHECK("child", tracebaton_rdkafka_extract_headers(headers, &received) == TRACEBATON_OK);
    CHECK("child", tracebaton_context_child(&received.context, &span_id, &sent) == TRACEBATON_OK);
    CHECK("child", tracebaton_injection_prepare(&sent, &injection) == TRACEBATON_OK);
    return injection;
}

/* With the produce helper: the same record is tried until it is accepted. */
static void send_by_helper(struct kafka *kafka, rd_kafka_message_t *message, int hop) {
    tracebaton_rdkafka_record_t record = tracebaton_rdkafka_record_of(KAFKA_TOPIC, message);
    tracebaton_injection_t injection = child_of(record.headers, hop);
    int tries;
    record.partition = 99;
    for (tries = 0; tries < TRIES; tries++)
        CHECK("helper", tracebaton_rdkafka_produce(kafka->producer, &record, &injection, NULL) ==
                            RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION);
    record.partition = 0;
    CHECK("helper", !tracebaton_rdkafka_produce(kafka->producer, &record, &injection, NULL));
}

/* With the message's own list: it is detached, injected into at each try, and produced by librdkafka's own call. */
static void send_in_place(struct kafka *kafka, rd_kafka_message_t *message, int hop) {
    rd_kafka_headers_t *list;
    int tries;
    CHECK("in place", !rd_kafka_message_detach_headers(message, &list));
    for (tries = 0; tries <= TRIES; tries++) {
        /* The injected values point into the list that they are written into. */
        tracebaton_injection_t injection = child_of(list, hop);
        int fails = tries < TRIES;
        CHECK("in place", tracebaton_rdkafka_inject(&injection, list) == TRACEBATON_OK);
        CHECK("in place",
              rd_kafka_producev(kafka->producer, RD_KAFKA_V_TOPIC(KAFKA_TOPIC), RD_KAFKA_V_PARTITION(fails ? 99 : 0),
                                RD_KAFKA_V_HEADERS(list), RD_KAFKA_V_END) ==
                  (fails ? RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION : RD_KAFKA_RESP_ERR_NO_ERROR));
    }
}

static const struct {
    const char *name;
    void (*send)(struct kafka *, rd_kafka_message_t *, int hop);
} rows[] = {{"by the produce helper", send_by_helper}, {"in place", send_in_place}};

void hops_suite(void) {
    size_t i;
    for (i = 0; i < COUNT(rows); i++) {
        struct kafka kafka;
        rd_kafka_message_t *message;
        int hop;
        kafka_start(&kafka, NULL);
        message = kafka_round_trip(&kafka, list_new(first, COUNT(first)));
        for (hop = 1; hop <= HOPS; hop++) {
            rd_kafka_message_t *next;
            rows[i].send(&kafka, message, hop);
            next = kafka_consume(&kafka);
            rd_kafka_message_destroy(message);
            message = next;
            check_message(rows[i].name, message, hop);
        }
        rd_kafka_message_destroy(message);
        kafka_stop(&kafka);
    }
}
