/* Other formats with librdkafka's lists and messages: choosing, writing, producing. */
#include "suites.h"

#include "check.h"
#include "kafka.h"
#include "lists.h"

#define B3 "80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-1"
#define B3_AGAIN "80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd2-0"
#define DATADOG HEADER("x-datadog-trace-id", "1"), HEADER("x-datadog-parent-id", "2")

static const tracebaton_format_t all[] = {TRACEBATON_FORMAT_TRACECONTEXT, TRACEBATON_FORMAT_B3, TRACEBATON_FORMAT_DATADOG};

static const struct {
    const char *name;
    tracebaton_header_t headers[MOST_HEADERS];
    size_t order_count; /* of all of them */
    tracebaton_format_t arrived_as;
    size_t other_count, other_index;
    size_t baggage_size;
} chosen_rows[] = {
    {"no headers", {{NULL, 0, NULL, 0}}, 3, TRACEBATON_FORMAT_NONE, 0, 0, 0},
    {"W3C first", {DATADOG, HEADER("traceparent", PARENT("1")), HEADER("b3", B3)}, 3, TRACEBATON_FORMAT_TRACECONTEXT, 2, 3, 0},
    {"B3", {HEADER("k", "v"), HEADER("B3", B3), HEADER("Baggage", "k=v")}, 3, TRACEBATON_FORMAT_B3, 0, 0, 3},
    {"B3 is not in the order", {HEADER("b3", B3), HEADER("baggage", "k=v")}, 1, TRACEBATON_FORMAT_NONE, 0, 0, 3},
    {"B3 is refused", {HEADER("b3", "x"), DATADOG}, 3, TRACEBATON_FORMAT_DATADOG, 1, 0, 0},
    {"the last with a value", {HEADER("b3", "x"), HEADER("b3", B3), NULL_HEADER("b3")}, 3, TRACEBATON_FORMAT_B3, 0, 0, 0},
    {"a name with a NUL is another name", {HEADER("b3", B3), HEADER("b3\0x", "x")}, 3, TRACEBATON_FORMAT_B3, 0, 0, 0},
};

static void check_chosen(struct kafka *kafka) {
    size_t i;
    for (i = 0; i < COUNT(chosen_rows); i++) {
        const char *row = chosen_rows[i].name;
        rd_kafka_message_t *message =
            kafka_round_trip(kafka, list_new(chosen_rows[i].headers, list_count(chosen_rows[i].headers)));
        tracebaton_choice_t choice;
        const tracebaton_status_t status = tracebaton_rdkafka_choose(message, all, chosen_rows[i].order_count, 0, &choice);
        CHECK(row, status == (chosen_rows[i].arrived_as ? TRACEBATON_OK : TRACEBATON_NO_CONTEXT));
        CHECK(row, choice.arrived_as == chosen_rows[i].arrived_as && choice.other_count == chosen_rows[i].other_count);
        CHECK(row, choice.other_count == 0 || choice.others[0].index == chosen_rows[i].other_index);
        CHECK(row, choice.context.baggage_size == chosen_rows[i].baggage_size);
        CHECK(row, tracebaton_rdkafka_choose(message, all, 3, 0, NULL) == TRACEBATON_INVALID_ARGUMENT_5);
        rd_kafka_message_destroy(message);
    }
}

static void check_no_record(void) {
    tracebaton_choice_t choice;
    const tracebaton_format_t wrong = 99;
    CHECK("no message", tracebaton_rdkafka_choose(NULL, all, 3, 0, &choice) == TRACEBATON_RDKAFKA_NOT_A_RECORD);
    CHECK("no message", choice.arrived_as == TRACEBATON_FORMAT_NONE);
    CHECK("no format", tracebaton_rdkafka_choose(NULL, &wrong, 1, 0, &choice) == TRACEBATON_INVALID_ARGUMENT_2);
}

/* An injection that writes W3C and B3, and removes the headers of the other formats. */
static tracebaton_format_injection_t injection_of(const tracebaton_header_t *headers, size_t count) {
    const tracebaton_formats_t written =
        1u << TRACEBATON_FORMAT_TRACECONTEXT | 1u << TRACEBATON_FORMAT_BAGGAGE | 1u << TRACEBATON_FORMAT_B3;
    tracebaton_format_injection_t injection;
    tracebaton_choice_t choice;
    tracebaton_headers_choose(headers, count, all, 3, 0, &choice);
    tracebaton_format_injection_prepare(&choice.context, written, TRACEBATON_FORMATS_ALL, TRACEBATON_SAMPLING_NONE, &injection);
    return injection;
}

static const struct {
    const char *name;
    tracebaton_header_t before[MOST_HEADERS], source[MOST_HEADERS], after[MOST_HEADERS];
    tracebaton_status_t status;
} written_rows[] = {
    {"an empty list", {{NULL, 0, NULL, 0}}, {HEADER("b3", B3)},
     {HEADER("traceparent", "00-80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-01"), HEADER("b3", B3)}, TRACEBATON_OK},
    {"all previous headers are removed", {HEADER("B3", "old"), DATADOG, HEADER("k", "v"), HEADER("TraceParent", "old"), HEADER("uberctx-a", "b")},
     {HEADER("b3", B3_AGAIN), HEADER("baggage", "k=v")},
     {HEADER("k", "v"), HEADER("traceparent", "00-80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd2-00"), HEADER("baggage", "k=v"),
      HEADER("b3", B3_AGAIN)}, TRACEBATON_OK},
    {"no context", {HEADER("b3", "old"), HEADER("k", "v")}, {{NULL, 0, NULL, 0}}, {HEADER("k", "v")}, TRACEBATON_NO_CONTEXT},
};

static void check_written(struct kafka *kafka) {
    size_t i;
    for (i = 0; i < COUNT(written_rows); i++) {
        const char *row = written_rows[i].name;
        const size_t source_count = list_count(written_rows[i].source), count = list_count(written_rows[i].after);
        const tracebaton_format_injection_t injection = injection_of(written_rows[i].source, source_count);
        rd_kafka_headers_t *list = list_new(written_rows[i].before, list_count(written_rows[i].before));
        tracebaton_rdkafka_record_t record = tracebaton_rdkafka_record(KAFKA_NEXT_TOPIC, "x", 1);
        tracebaton_status_t written = 99;
        rd_kafka_headers_t *arrived = NULL;
        rd_kafka_message_t *message;
        record.headers = list;
        CHECK(row, !tracebaton_rdkafka_produce_formats(kafka->producer, &record, &injection, &written));
        CHECK(row, written == written_rows[i].status);
        CHECK(row, list_equals(list, written_rows[i].before, list_count(written_rows[i].before)));
        message = kafka_consume(kafka);
        rd_kafka_message_headers(message, &arrived);
        CHECK(row, list_equals(arrived, written_rows[i].after, count));
        rd_kafka_message_destroy(message);
        CHECK(row, tracebaton_rdkafka_inject_formats(&injection, list) == written_rows[i].status);
        CHECK(row, list_equals(list, written_rows[i].after, count));
        CHECK(row, tracebaton_rdkafka_inject_formats(&injection, NULL) == TRACEBATON_INVALID_ARGUMENT_2);
        CHECK(row, tracebaton_rdkafka_inject_formats(NULL, list) == TRACEBATON_INVALID_ARGUMENT_1);
        rd_kafka_headers_destroy(list);
    }
}

/* The written values point into the list that they are written to. */
static void check_in_place(void) {
    static const tracebaton_header_t before[] = {HEADER("traceparent", PARENT("1")), HEADER("tracestate", "a=1"), HEADER("baggage", "k=v")};
    static const tracebaton_header_t after[] = {HEADER("traceparent", PARENT("1")), HEADER("tracestate", "a=1"), HEADER("baggage", "k=v"),
                                                HEADER("b3", TRACE "-b7ad6b7169203331-1")};
    rd_kafka_headers_t *list = list_new(before, COUNT(before));
    tracebaton_header_t own[3];
    tracebaton_format_injection_t injection;
    size_t i;
    for (i = 0; i < 3; i++) {
        own[i].name_size = before[i].name_size;
        rd_kafka_header_get_all(list, i, &own[i].name, &own[i].value, &own[i].value_size);
    }
    injection = injection_of(own, 3);
    CHECK("in place", tracebaton_rdkafka_inject_formats(&injection, list) == TRACEBATON_OK);
    CHECK("in place", list_equals(list, after, COUNT(after)));
    rd_kafka_headers_destroy(list);
}

/* The list has more headers than may be removed: it is unchanged, but a record is still produced. */
static void check_many(struct kafka *kafka) {
    static const tracebaton_header_t source = HEADER("b3", B3);
    static const tracebaton_header_t after[] = {
        HEADER("k", "v"), HEADER("traceparent", "00-80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-01"), HEADER("b3", B3)};
    const tracebaton_format_injection_t injection = injection_of(&source, 1);
    tracebaton_rdkafka_record_t record = tracebaton_rdkafka_record(KAFKA_NEXT_TOPIC, "x", 1);
    rd_kafka_headers_t *list = rd_kafka_headers_new(0), *arrived = NULL;
    rd_kafka_message_t *message;
    tracebaton_status_t written = 99;
    int i;
    rd_kafka_header_add(list, "k", -1, "v", 1);
    for (i = 0; i <= TRACEBATON_RDKAFKA_MAX_LOOKUPS; i++)
        rd_kafka_header_add(list, "b3", -1, "old", 3);
    CHECK("many", tracebaton_rdkafka_inject_formats(&injection, list) == TRACEBATON_RDKAFKA_TOO_MANY_HEADERS);
    CHECK("many", rd_kafka_header_cnt(list) == TRACEBATON_RDKAFKA_MAX_LOOKUPS + 2);
    record.headers = list;
    CHECK("many", !tracebaton_rdkafka_produce_formats(kafka->producer, &record, &injection, &written) && written == TRACEBATON_OK);
    message = kafka_consume(kafka);
    rd_kafka_message_headers(message, &arrived);
    CHECK("many", list_equals(arrived, after, COUNT(after)));
    rd_kafka_message_destroy(message);
    rd_kafka_headers_destroy(list);
}

static void check_refused(struct kafka *kafka) {
    static const tracebaton_header_t source = HEADER("b3", B3);
    static char value[2000];
    const tracebaton_format_injection_t injection = injection_of(&source, 1);
    tracebaton_rdkafka_record_t record = tracebaton_rdkafka_record(KAFKA_NEXT_TOPIC, value, 900);
    rd_kafka_message_t *message;
    tracebaton_status_t written = 99;
    CHECK("no producer", tracebaton_rdkafka_produce_formats(NULL, &record, &injection, &written) == RD_KAFKA_RESP_ERR__INVALID_ARG);
    CHECK("no producer", written == TRACEBATON_INVALID_ARGUMENT_1);
    CHECK("no record", tracebaton_rdkafka_produce_formats(kafka->producer, NULL, &injection, &written) == RD_KAFKA_RESP_ERR__INVALID_ARG);
    CHECK("no record", written == TRACEBATON_INVALID_ARGUMENT_2);
    CHECK("no injection", tracebaton_rdkafka_produce_formats(kafka->producer, &record, NULL, &written) == RD_KAFKA_RESP_ERR__INVALID_ARG);
    CHECK("no injection", written == TRACEBATON_INVALID_ARGUMENT_3);
    record.err = RD_KAFKA_RESP_ERR__PARTITION_EOF;
    CHECK("not a record", tracebaton_rdkafka_produce_formats(kafka->producer, &record, &injection, &written) == record.err);
    record.err = RD_KAFKA_RESP_ERR_NO_ERROR;
    CHECK("too large with the headers", !tracebaton_rdkafka_produce_formats(kafka->producer, &record, &injection, &written));
    CHECK("too large with the headers", written == TRACEBATON_RDKAFKA_RECORD_TOO_LARGE);
    message = kafka_consume(kafka);
    CHECK("too large with the headers", message->len == 900);
    rd_kafka_message_destroy(message);
    record.len = sizeof(value);
    CHECK("too large", tracebaton_rdkafka_produce_formats(kafka->producer, &record, &injection, &written) == RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE);
}

void formats_suite(void) {
    static const char *const small_messages[] = {"message.max.bytes", "1000", NULL};
    struct kafka kafka;
    kafka_start(&kafka, NULL);
    check_chosen(&kafka);
    check_no_record();
    check_written(&kafka);
    check_in_place();
    check_many(&kafka);
    kafka_stop(&kafka);
    kafka_start(&kafka, small_messages);
    check_refused(&kafka);
    kafka_stop(&kafka);
}
