/* Lists from no header to more headers than librdkafka reads (R9). */
#include <librdkafka/rdkafka.h>

/* How often librdkafka searched a list for a name. */
static int lookups;

static rd_kafka_resp_err_t counted_get(const rd_kafka_headers_t *headers, size_t nth, const char *name, const void **value,
                                       size_t *size) {
    lookups++;
    return rd_kafka_header_get(headers, nth, name, value, size);
}

static rd_kafka_resp_err_t counted_remove(rd_kafka_headers_t *headers, const char *name) {
    lookups++;
    return rd_kafka_header_remove(headers, name);
}

#define rd_kafka_header_get counted_get
#define rd_kafka_header_remove counted_remove
#include "tracebaton_rdkafka.h"
#undef rd_kafka_header_get
#undef rd_kafka_header_remove

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
    CHECK("set-up", tracebaton_headers_extract(header, 1, &extracted) == TRACEBATON_OK);
    CHECK("set-up", tracebaton_injection_prepare(&extracted.context, &injection) == TRACEBATON_OK);
    return injection;
}

/* librdkafka reads at most 100,000 headers. A record with more is delivered, but its headers cannot be read. */
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

#define MOST TRACEBATON_RDKAFKA_MAX_LOOKUPS

/* Lists that are expensive on purpose: the work is bounded, and headers found within the bound are correct. */
static const struct {
    const char *name;
    tracebaton_header_t header;
    /* The count of this header, which follow one of ours. */
    size_t count;
    /* The count of headers after an injection in place; 0 if there are too many, which leaves the list unchanged. */
    size_t left;
    /* The count of headers in the produced record. */
    size_t produced;
} rows[] = {
    {"ours, the largest count", HEADER("Traceparent", PARENT("2")), MOST - 1, 1, 1},
    {"ours, one too many", HEADER("Traceparent", PARENT("2")), MOST, 0, 1},
    {"ours, far too many", HEADER("Traceparent", PARENT("2")), 50000, 0, 1},
    {"ours without a value", NULL_HEADER("traceparent"), 50000, 0, 1},
    {"look-alikes", HEADER("traceparent\0x", "x"), MOST - 1, MOST, MOST},
    {"look-alikes without a value", NULL_HEADER("traceparent\0x"), MOST - 1, MOST, MOST},
    {"too many look-alikes", HEADER("traceparent\0x", "x"), 50000, 0, 1},
    {"too many look-alikes without a value", NULL_HEADER("traceparent\0x"), 50000, 0, 1},
    {"others", HEADER("k", "v"), 50000, 50001, 50001},
    {"others with a NUL", HEADER("k\0k", "v"), 50000, 50001, 50001},
    {"others without a value", NULL_HEADER("k"), 50000, 50001, 50001},
};

/* Reads a list in which our accepted header has this index. */
static void check_read(const char *row, const rd_kafka_headers_t *list, size_t index) {
    tracebaton_extracted_t extracted;
    lookups = 0;
    CHECK(row, tracebaton_rdkafka_extract_headers(list, &extracted) == TRACEBATON_OK);
    CHECK(row, lookups <= MOST);
    CHECK(row, extracted.traceparent.index == index);
}

static void check_in_place(size_t i, const tracebaton_injection_t *injection, rd_kafka_headers_t *list, size_t found) {
    const size_t count = rd_kafka_header_cnt(list);
    const int is_changed = rows[i].left > 0;
    lookups = 0;
    CHECK(rows[i].name, tracebaton_rdkafka_inject(injection, list) == (is_changed ? TRACEBATON_OK : TRACEBATON_RDKAFKA_TOO_MANY_HEADERS));
    CHECK(rows[i].name, lookups <= MOST);
    CHECK(rows[i].name, rd_kafka_header_cnt(list) == (is_changed ? rows[i].left : count));
    check_read(rows[i].name, list, is_changed ? rows[i].left - 1 : found);
}

static void check_produced(size_t i, const tracebaton_injection_t *injection, const rd_kafka_headers_t *list, struct kafka *kafka) {
    const size_t count = rd_kafka_header_cnt(list);
    tracebaton_rdkafka_record_t record = tracebaton_rdkafka_record(KAFKA_TOPIC, "v", 1);
    tracebaton_status_t written = 99;
    rd_kafka_headers_t *received = NULL;
    rd_kafka_message_t *message;
    record.headers = list;
    lookups = 0;
    CHECK(rows[i].name, !tracebaton_rdkafka_produce(kafka->producer, &record, injection, &written));
    CHECK(rows[i].name, lookups <= 2 * MOST);
    CHECK(rows[i].name, written == TRACEBATON_OK && rd_kafka_header_cnt(list) == count);
    message = kafka_consume(kafka);
    CHECK(rows[i].name, !rd_kafka_message_headers(message, &received));
    CHECK(rows[i].name, received && rd_kafka_header_cnt(received) == rows[i].produced);
    check_read(rows[i].name, received, rows[i].produced - 1);
    rd_kafka_message_destroy(message);
}

static void check_costly(void) {
    static const char *const large[] = {"message.max.bytes", "4000000", NULL};
    tracebaton_injection_t injection = injection_of(&parent);
    struct kafka kafka;
    size_t i;
    kafka_start(&kafka, large);
    for (i = 0; i < COUNT(rows); i++) {
        rd_kafka_headers_t *list = rd_kafka_headers_new(rows[i].count + 1);
        const int is_parent = rows[i].header.name_size == parent.name_size && rows[i].header.value != NULL;
        const size_t found = is_parent ? rows[i].count : 0;
        size_t added;
        rd_kafka_header_add(list, parent.name, -1, parent.value, (ssize_t)parent.value_size);
        for (added = 0; added < rows[i].count; added++)
            rd_kafka_header_add(list, rows[i].header.name, (ssize_t)rows[i].header.name_size, rows[i].header.value,
                                (ssize_t)rows[i].header.value_size);
        check_read(rows[i].name, list, found);
        check_produced(i, &injection, list, &kafka);
        check_in_place(i, &injection, list, found);
        rd_kafka_headers_destroy(list);
    }
    kafka_stop(&kafka);
}

/* Every spelling of `traceparent`, many times, among other headers. */
static rd_kafka_headers_t *list_of_spellings(size_t count) {
    rd_kafka_headers_t *list = rd_kafka_headers_new(count);
    size_t i, letter;
    for (i = 0; i < count; i++) {
        char name[] = "traceparent";
        for (letter = 0; name[letter]; letter++)
            if (i >> letter & 1)
                name[letter] = (char)(name[letter] - 'a' + 'A');
        rd_kafka_header_add(list, i % 2 ? name : "k", -1, PARENT("2"), -1);
    }
    return list;
}

/*
 * Injecting into a list with too many of our headers drops names with a NUL, and keeps other names, with and without
 * values.
 */
static void check_what_stays(void) {
    static const tracebaton_header_t others[] = {HEADER("a", "1"), NULL_HEADER("b"), HEADER("", ""), HEADER("\377", "\0"), HEADER("a", "2"),
                                                 HEADER("ce_traceparent", "3")};
    static const tracebaton_header_t cut[] = {HEADER("a\0x", "1"), NULL_HEADER("c\0"), HEADER("traceparent\0x", "2")};
    tracebaton_injection_t injection = injection_of(&parent);
    tracebaton_header_t expected[COUNT(others) + 1];
    rd_kafka_headers_t *list = list_of(MOST + 1, &parent);
    tracebaton_status_t status = 99;
    rd_kafka_headers_t *copy;
    size_t i;
    for (i = 0; i < COUNT(others); i++) {
        expected[i] = others[i];
        rd_kafka_header_add(list, others[i].name, (ssize_t)others[i].name_size, others[i].value, (ssize_t)others[i].value_size);
    }
    for (i = 0; i < COUNT(cut); i++)
        rd_kafka_header_add(list, cut[i].name, (ssize_t)cut[i].name_size, cut[i].value, (ssize_t)cut[i].value_size);
    expected[COUNT(others)] = parent;
    expected[COUNT(others)].name = "traceparent";
    copy = tracebaton_rdkafka_impl_with(&injection, list, &status);
    CHECK("what stays", status == TRACEBATON_OK);
    CHECK("what stays", list_equals(copy, expected, COUNT(expected)));
    rd_kafka_headers_destroy(copy);

    /* A name without a value is looked up. The look-ups are bounded, and every such header is kept. */
    for (i = 0; i < 2 * MOST; i++)
        rd_kafka_header_add(list, "n", -1, NULL, 0);
    lookups = 0;
    copy = tracebaton_rdkafka_impl_with(&injection, list, &status);
    CHECK("looked up", lookups <= MOST);
    CHECK("looked up", list_occurrences(copy, "n") == 2 * MOST && list_occurrences(copy, "traceparent") == 1);
    rd_kafka_headers_destroy(copy);

    /* Headers that are not written are kept, however many there are. */
    tracebaton_injection_baggage_only(&injection);
    CHECK("not carried", tracebaton_rdkafka_inject(&injection, list) == TRACEBATON_NO_CONTEXT);
    CHECK("not carried", rd_kafka_header_cnt(list) == 3 * MOST + 1 + COUNT(others) + COUNT(cut));
    rd_kafka_headers_destroy(list);
}

static void check_spellings(void) {
    tracebaton_injection_t injection = injection_of(&parent);
    rd_kafka_headers_t *list = list_of_spellings(99000);
    tracebaton_status_t status = 99;
    rd_kafka_headers_t *copy;
    lookups = 0;
    CHECK("spellings", tracebaton_rdkafka_inject(&injection, list) == TRACEBATON_RDKAFKA_TOO_MANY_HEADERS);
    CHECK("spellings", rd_kafka_header_cnt(list) == 99000);
    copy = tracebaton_rdkafka_impl_with(&injection, list, &status);
    CHECK("spellings", status == TRACEBATON_OK && rd_kafka_header_cnt(copy) == 49501);
    CHECK("spellings", lookups == 0);
    rd_kafka_headers_destroy(copy);
    rd_kafka_headers_destroy(list);
}

void many_suite(void) {
    check_counts();
    check_costly();
    check_spellings();
    check_what_stays();
}
