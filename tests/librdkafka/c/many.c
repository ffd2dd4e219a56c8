/* Counts of headers from none to more than librdkafka itself takes (R9). */
#include <librdkafka/rdkafka.h>

static int lookups;

static rd_kafka_resp_err_t counted_get(const rd_kafka_headers_t *headers, size_t nth, const char *name, const void **value,
                                       size_t *size) {
    lookups++;
    return rd_kafka_header_get(headers, nth, name, value, size);
}

#define rd_kafka_header_get counted_get
#include "tracebaton_rdkafka.h"
#undef rd_kafka_header_get

#include "check.h"
#include "kafka.h"
#include "lists.h"

static const tracebaton_header_t parent = HEADER("Traceparent", PARENT("1"));

static rd_kafka_headers_t *list_of(size_t count, const tracebaton_header_t *header) {
    rd_kafka_headers_t *list = rd_kafka_headers_new(count + 3);
    for (; count > 0; count--)
        rd_kafka_header_add(list, header->name, (ssize_t)header->name_size, header->value, (ssize_t)header->value_size);
    return list;
}

static tracebaton_injection_t injection_of(const tracebaton_header_t *header) {
    tracebaton_extracted_t extracted;
    tracebaton_injection_t injection;
    CHECK("set-up", tracebaton_extract(header, 1, &extracted) == TRACEBATON_OK);
    CHECK("set-up", tracebaton_injection(&extracted.context, &injection) == TRACEBATON_OK);
    return injection;
}

/* librdkafka takes at most 100,000 headers; a record with more arrives, and its headers cannot be read. */
static const size_t counts[] = {0, 1, 2, 10, 1000, 10000, 50000, 99999, 100000};

static void check_counts(void) {
    static const char *const large[] = {"message.max.bytes", "4000000", NULL};
    static const tracebaton_header_t other = HEADER("k", "v");
    tracebaton_injection_t injection = injection_of(&parent);
    struct kafka kafka;
    size_t i;
    kafka_start(&kafka, large);
    for (i = 0; i < COUNT(counts); i++) {
        rd_kafka_headers_t *list = list_of(counts[i], &other);
        int is_read = counts[i] < 100000;
        tracebaton_extracted_t extracted;
        rd_kafka_message_t *message;
        CHECK("many", tracebaton_rdkafka_inject(&injection, list) == TRACEBATON_OK);
        message = kafka_round_trip(&kafka, list);
        CHECK("many", tracebaton_rdkafka_extract(message, &extracted) == (is_read ? TRACEBATON_OK : TRACEBATON_NO_CONTEXT));
        CHECK("many", extracted.traceparent.index == (is_read ? counts[i] : 0));
        rd_kafka_message_destroy(message);
    }
    kafka_stop(&kafka);
}

/* Lists made to cost time: the work stays bounded, and what is found is right while it is looked through. */
static const struct {
    const char *name;
    tracebaton_header_t header;
    size_t count;
    tracebaton_status_t status;
    /* How many headers are left once a context is written. */
    size_t left;
} rows[] = {
    {"ours", HEADER("Traceparent", PARENT("2")), 10000, TRACEBATON_OK, 1},
    {"ours without a value", NULL_HEADER("traceparent"), 10000, TRACEBATON_OK, 1},
    {"names that look like ours", HEADER("traceparent\0x", "x"), TRACEBATON_RDKAFKA_MAX_LOOKUPS - 1, TRACEBATON_OK,
     TRACEBATON_RDKAFKA_MAX_LOOKUPS},
    {"too many names that look like ours", HEADER("traceparent\0x", "x"), 10000, TRACEBATON_OK, 1},
    {"too many without a value", NULL_HEADER("traceparent\0x"), 10000, TRACEBATON_OK, 1},
};

static void check_costly(void) {
    tracebaton_injection_t injection = injection_of(&parent);
    size_t i;
    for (i = 0; i < COUNT(rows); i++) {
        rd_kafka_headers_t *list = rd_kafka_headers_new(rows[i].count + 1);
        tracebaton_extracted_t extracted;
        size_t added;
        rd_kafka_header_add(list, parent.name, -1, parent.value, (ssize_t)parent.value_size);
        for (added = 0; added < rows[i].count; added++)
            rd_kafka_header_add(list, rows[i].header.name, (ssize_t)rows[i].header.name_size, rows[i].header.value,
                                (ssize_t)rows[i].header.value_size);
        lookups = 0;
        CHECK(rows[i].name, tracebaton_rdkafka_extract_headers(list, &extracted) == rows[i].status);
        CHECK(rows[i].name, lookups <= TRACEBATON_RDKAFKA_MAX_LOOKUPS);
        lookups = 0;
        CHECK(rows[i].name, tracebaton_rdkafka_inject(&injection, list) == TRACEBATON_OK);
        CHECK(rows[i].name, lookups <= TRACEBATON_RDKAFKA_MAX_LOOKUPS);
        CHECK(rows[i].name, rd_kafka_header_cnt(list) == rows[i].left);
        CHECK(rows[i].name, tracebaton_rdkafka_extract_headers(list, &extracted) == TRACEBATON_OK);
        CHECK(rows[i].name, extracted.traceparent.index == rows[i].left - 1);
        rd_kafka_headers_destroy(list);
    }
}

void many_suite(void) {
    check_counts();
    check_costly();
}
