/* Reading: records that librdkafka delivers, and the context found in them (R1 to R10). */
#include "check.h"
#include "kafka.h"
#include "lists.h"

#include <stdlib.h>

const struct extract_row extract_rows[] = {
    {"no headers", {{NULL, 0, NULL, 0}}, ABSENT, ABSENT, ABSENT},
    {"one of each",
     {HEADER("traceparent", PARENT("1")), HEADER("tracestate", "a=1"), HEADER("baggage", "k=v")},
     0, 1, 2},
    {"the last of each wins",
     {HEADER("traceparent", PARENT("1")), HEADER("baggage", "k=1"), HEADER("traceparent", PARENT("2")),
      HEADER("tracestate", "a=1"), HEADER("baggage", "k=2"), HEADER("tracestate", "a=2")},
     2, 5, 4},
    {"the last wins even if it is refused",
     {HEADER("traceparent", PARENT("1")), HEADER("traceparent", "00-stale")},
     REFUSED(1), ABSENT, ABSENT},
    {"any case",
     {HEADER("Traceparent", PARENT("1")), HEADER("TRACESTATE", "a=1"), HEADER("bagGagE", "k=v")},
     0, 1, 2},
    {"the last of several cases wins",
     {HEADER("TRACEPARENT", PARENT("1")), HEADER("traceparent", PARENT("2")), HEADER("traceParent", PARENT("3"))},
     2, ABSENT, ABSENT},
    {"null is absent",
     {NULL_HEADER("traceparent"), NULL_HEADER("tracestate"), NULL_HEADER("baggage")},
     ABSENT, ABSENT, ABSENT},
    {"a null does not hide an earlier header",
     {HEADER("traceparent", PARENT("1")), NULL_HEADER("traceparent"), NULL_HEADER("Traceparent")},
     0, ABSENT, ABSENT},
    {"an empty traceparent is malformed", {HEADER("traceparent", "")}, REFUSED(0), ABSENT, ABSENT},
    {"an empty list is accepted",
     {HEADER("traceparent", PARENT("1")), HEADER("tracestate", ""), HEADER("baggage", " , ")},
     0, 1, 2},
    {"tracestate needs a traceparent", {HEADER("tracestate", "a=1"), HEADER("baggage", "k=v")}, ABSENT, ABSENT, 1},
    {"a name that continues after a NUL is another name",
     {HEADER("traceparent", PARENT("1")), HEADER("traceparent\0x", PARENT("2"))},
     0, ABSENT, ABSENT},
    {"a name that ends with a NUL is another name",
     {HEADER("tracestate\0", "a=2"), HEADER("traceparent", PARENT("1")), HEADER("traceparent\0", PARENT("2")),
      HEADER("baggage\0\0", "k=2")},
     1, ABSENT, ABSENT},
    {"only names that continue after a NUL",
     {HEADER("traceparent\0x", PARENT("1")), HEADER("Traceparent\0", PARENT("2"))},
     ABSENT, ABSENT, ABSENT},
    {"a name with a NUL that has no value",
     {HEADER("traceparent", PARENT("1")), NULL_HEADER("traceparent\0x")},
     0, ABSENT, ABSENT},
    {"a name with a NUL and the same value",
     {HEADER("traceparent\0x", PARENT("1")), HEADER("traceparent", PARENT("1")), HEADER("traceparent\0y", PARENT("1"))},
     1, ABSENT, ABSENT},
    {"a name with a NUL and an empty value", {HEADER("traceparent\0x", ""), HEADER("baggage\0", "")}, ABSENT, ABSENT, ABSENT},
    {"longer and shorter names are other names",
     {HEADER("traceparents", PARENT("1")), HEADER("traceparen", PARENT("2")), HEADER("baggag", "k=v"), HEADER("b", "k=v"),
      HEADER("", PARENT("3")), HEADER(" traceparent", PARENT("4")), HEADER("ce_traceparent", PARENT("5")),
      HEADER("trace-parent", PARENT("6"))},
     ABSENT, ABSENT, ABSENT},
    {"names of the same size that differ at one end are other names",
     {HEADER("TRACEPARENT", PARENT("3")), HEADER("tr-ceparent", PARENT("1")), HEADER("traceparen-", PARENT("2")),
      HEADER("tr-cestate", "a=1"), HEADER("tracestat-", "a=2"), HEADER("b-ggage", "k=v"), HEADER("baggag-", "k=v")},
     0, ABSENT, ABSENT},
    {"a byte that differs from a letter in one bit is another byte",
     {HEADER("tracep\001rent", PARENT("1")), HEADER("\124\122ACEPARE\116T", PARENT("2")), HEADER("traceparen\124", PARENT("3")),
      HEADER("BAGGAG\005", "k=v")},
     2, ABSENT, ABSENT},
    {"other headers are ignored",
     {HEADER("\377\376", "\000\377"), HEADER("", ""), NULL_HEADER(""), HEADER("traceparent", PARENT("1")), NULL_HEADER("x"),
      HEADER("a\0b", "\0"), HEADER("content-type", "application/json")},
     3, ABSENT, ABSENT},
    {"a NUL in a value",
     {HEADER("traceparent", PARENT("1") "\0"), HEADER("baggage", "k=\0v")},
     REFUSED(0), ABSENT, REFUSED(1)},
    {"one malformed member refuses the list",
     {HEADER("traceparent", PARENT("1")), HEADER("tracestate", "a=1,B=2"), HEADER("baggage", "k=v")},
     0, REFUSED(1), 2},
};

const size_t extract_row_count = COUNT(extract_rows);

static int found(const tracebaton_verdict_t *verdict) {
    if (verdict->status == TRACEBATON_ABSENT)
        return ABSENT;
    return verdict->status == TRACEBATON_OK ? (int)verdict->index : REFUSED((int)verdict->index);
}

static void check_extracted(const struct extract_row *row, const tracebaton_extracted_t *extracted, tracebaton_status_t status) {
    const tracebaton_context_t *context = &extracted->context;
    CHECK(row->name, found(&extracted->traceparent) == row->traceparent);
    CHECK(row->name, found(&extracted->tracestate) == row->tracestate);
    CHECK(row->name, found(&extracted->baggage) == row->baggage);
    CHECK(row->name, status == (row->traceparent >= 0 ? TRACEBATON_OK : TRACEBATON_NO_CONTEXT));
    if (row->traceparent >= 0) {
        const char *value = (const char *)row->headers[row->traceparent].value;
        CHECK(row->name, context->span_id.bytes[7] == 0x30 + (value[51] - '0'));
    }
    if (row->tracestate >= 0) {
        const tracebaton_header_t *header = &row->headers[row->tracestate];
        CHECK(row->name, context->tracestate_size == header->value_size);
        CHECK(row->name, !header->value_size || !memcmp(context->tracestate, header->value, header->value_size));
    }
    if (row->baggage >= 0) {
        const tracebaton_header_t *header = &row->headers[row->baggage];
        CHECK(row->name, context->baggage_size == header->value_size);
        CHECK(row->name, !header->value_size || !memcmp(context->baggage, header->value, header->value_size));
    }
}

static void check_list(const struct extract_row *row, size_t count) {
    tracebaton_extracted_t extracted;
    rd_kafka_headers_t *list = list_new(row->headers, count);
    tracebaton_status_t status = tracebaton_rdkafka_extract_headers(list, &extracted);
    check_extracted(row, &extracted, status);
    CHECK(row->name, list_equals(list, row->headers, count));
    rd_kafka_headers_destroy(list);
}

static void check_message(const struct extract_row *row, size_t count, struct kafka *kafka) {
    tracebaton_extracted_t extracted;
    rd_kafka_headers_t *received;
    rd_kafka_message_t *message = kafka_round_trip(kafka, list_new(row->headers, count));
    tracebaton_status_t status = tracebaton_rdkafka_extract(message, &extracted);
    check_extracted(row, &extracted, status);
    if (count) {
        CHECK(row->name, !rd_kafka_message_headers(message, &received));
        CHECK(row->name, list_equals(received, row->headers, count));
    }
    rd_kafka_message_destroy(message);
}

/* The message that librdkafka++ returns at a time-out; it does not wrap a librdkafka message. */
static void check_bare(void) {
    rd_kafka_message_t *bare = (rd_kafka_message_t *)calloc(1, sizeof(*bare));
    tracebaton_extracted_t extracted;
    tracebaton_queue_time_t waited;
    bare->err = RD_KAFKA_RESP_ERR__TIMED_OUT;
    CHECK("bare", tracebaton_rdkafka_extract(bare, &extracted) == TRACEBATON_RDKAFKA_NOT_A_RECORD);
    CHECK("bare", tracebaton_rdkafka_queue_time(bare, 0, &waited) == TRACEBATON_NO_TIMESTAMP);
    CHECK("bare", tracebaton_rdkafka_record_of(KAFKA_TOPIC, bare).headers == NULL);
    CHECK("bare", tracebaton_rdkafka_record_of(KAFKA_TOPIC, NULL).payload == NULL);
    free(bare);
}

static void check_nothing(struct kafka *kafka) {
    tracebaton_extracted_t extracted;
    rd_kafka_message_t *message;
    CHECK("no list", tracebaton_rdkafka_extract_headers(NULL, &extracted) == TRACEBATON_NO_CONTEXT);
    CHECK("no message", tracebaton_rdkafka_extract(NULL, &extracted) == TRACEBATON_RDKAFKA_NOT_A_RECORD);
    CHECK("nowhere", tracebaton_rdkafka_extract_headers(NULL, NULL) == TRACEBATON_INVALID_ARGUMENT_2);
    rd_kafka_producev(kafka->producer, RD_KAFKA_V_TOPIC(KAFKA_TOPIC), RD_KAFKA_V_PARTITION(0), RD_KAFKA_V_END);
    message = kafka_consume(kafka);
    CHECK("no headers were sent", tracebaton_rdkafka_extract(message, &extracted) == TRACEBATON_NO_CONTEXT);
    CHECK("no headers were sent", found(&extracted.traceparent) == ABSENT);
    rd_kafka_message_destroy(message);
}

void headers_suite(void) {
    struct kafka kafka;
    size_t i;
    kafka_start(&kafka, NULL);
    for (i = 0; i < COUNT(extract_rows); i++) {
        size_t count = list_count(extract_rows[i].headers);
        check_list(&extract_rows[i], count);
        check_message(&extract_rows[i], count, &kafka);
    }
    check_nothing(&kafka);
    check_bare();
    kafka_stop(&kafka);
}
