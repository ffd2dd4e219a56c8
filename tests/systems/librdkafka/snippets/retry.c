/* Runs the retries of a C example, defined in SNIPPET. */
#define main snippet_main
#include SNIPPET
#undef main

#include "check.h"
#include "lists.h"
#include "scenario.h"

#define RECORDS 5 /* of the scenario */
#define RETRY_TOPIC "orders.retry"

/* The first attempts, in the sequence of the records. */
static tracebaton_context_t array[RECORDS];
static char tracestates[64];
static tracebaton_links_t links;

static size_t waiting(void) {
    size_t i, count = 0;
    for (i = 0; i < MOST_WAITING; i++)
        count += places[i].attempts > 0;
    return count;
}

/* A record waits for its second attempt, which meets a full queue; its message has been destroyed by then. */
static void retry_one(struct kafka *kafka, rd_kafka_message_t *message) {
    process(message);
    rd_kafka_message_destroy(message);
    CHECK("a record", waiting() == 1 && places[0].attempts == 1);
    CHECK("a link", tracebaton_links_add(&links, &places[0].attempt) == TRACEBATON_OK);
    scenario_fill_queue(kafka);
    process_again(&places[0]);
    CHECK("a record", waiting() == 0);
    rd_kafka_flush(kafka->producer, 10000);
}

/* The context of an attempt: the trace and the tracestate of the one before, with a span of its own. */
static void check_next(const tracebaton_context_t *next, const tracebaton_context_t *before) {
    CHECK("a retry", !memcmp(&next->trace_id, &before->trace_id, sizeof(before->trace_id)));
    CHECK("a retry", memcmp(&next->span_id, &before->span_id, sizeof(before->span_id)));
    CHECK("a retry", next->tracestate_size == before->tracestate_size &&
                         (before->tracestate_size == 0 ||
                          !memcmp(next->tracestate, before->tracestate, before->tracestate_size)));
}

/* The record of the second attempt. */
static void check_second(const rd_kafka_message_t *message, const tracebaton_context_t *first) {
    tracebaton_extracted_t second;
    CHECK("a retry", tracebaton_rdkafka_extract(message, &second) == TRACEBATON_OK);
    check_next(&second.context, first);
}

static void meet_everything(struct kafka *kafka) {
    int records = 0, seconds = 0, errors = 0, waits;
    process(NULL);
    for (waits = 0; (records < RECORDS || seconds < RECORDS || errors < 5) && waits < 2000; waits++) {
        rd_kafka_message_t *message = rd_kafka_consumer_poll(kafka->consumer, 10);
        if (!message || message->err) {
            process(message);
            CHECK("an error", waiting() == 0);
            errors++;
        } else if (!strcmp(rd_kafka_topic_name(message->rkt), KAFKA_NEXT_TOPIC)) {
            check_second(message, &array[seconds++]);
        } else if (!scenario_is_filler(message->payload, message->len)) {
            retry_one(kafka, message);
            records++;
            continue;
        }
        if (message)
            rd_kafka_message_destroy(message);
    }
    CHECK("the scenario", records == RECORDS && seconds == RECORDS && errors >= 5);
    CHECK("the links", links.link_count == RECORDS && links.dropped == 0 && links.dropped_tracestates == 0);
}

/* A record with this value, a tracestate, and this size of its baggage. */
static rd_kafka_message_t *record_of(struct kafka *kafka, size_t baggage_size, const char *value, size_t size) {
    static char baggage[2048];
    const tracebaton_header_t headers[] = {
        HEADER("traceparent", PARENT("1")), HEADER("tracestate", "a=1"), {"baggage", 7, baggage, baggage_size}};
    memset(baggage, 'v', sizeof(baggage));
    memcpy(baggage, "k=", 2);
    return kafka_round_trip_of(kafka, list_new(headers, 3), (void *)(uintptr_t)value, size);
}

/* A record for which there is no room is sent to the other topic immediately, complete and in its trace. */
static void meet_no_room(struct kafka *kafka) {
    static const struct {
        const char *name;
        size_t baggage_size, size, waiting;
    } rows[] = {
        {"room for all", 3, 3, 0},
        {"a context as large as its buffer", 1021, 256, 0},
        {"a context that does not fit", 1022, 3, 0},
        {"a value that does not fit", 3, 257, 0},
        {"a full queue", 3, 3, MOST_WAITING},
    };
    static const char value[512] = "";
    size_t i, filled;
    for (i = 0; i < COUNT(rows); i++) {
        const int fits = i < 2;
        rd_kafka_message_t *message;
        tracebaton_extracted_t sent;
        for (filled = 0; filled < rows[i].waiting; filled++) {
            message = record_of(kafka, 3, value, 3);
            process(message);
            rd_kafka_message_destroy(message);
        }
        message = record_of(kafka, rows[i].baggage_size, value, rows[i].size);
        process(message);
        rd_kafka_message_destroy(message);
        CHECK(rows[i].name, waiting() == (fits ? 1 : rows[i].waiting));
        for (filled = 0; filled < MOST_WAITING; filled++)
            if (places[filled].attempts > 0) {
                CHECK(rows[i].name, places[filled].attempt.baggage_size == (fits ? rows[i].baggage_size : 3));
                forget(&places[filled]);
            }
        if (fits)
            continue;
        message = kafka_consume(kafka);
        CHECK(rows[i].name, !strcmp(rd_kafka_topic_name(message->rkt), RETRY_TOPIC) && message->len == rows[i].size);
        CHECK(rows[i].name, tracebaton_rdkafka_extract(message, &sent) == TRACEBATON_OK);
        CHECK(rows[i].name, sent.context.baggage_size == rows[i].baggage_size);
        CHECK(rows[i].name, !memcmp(&sent.context.trace_id, &array[0].trace_id, sizeof(array[0].trace_id)));
        rd_kafka_message_destroy(message);
    }
}

/* A record waits in its place from attempt to attempt, each a child of the one before, until it is paid or given up. */
static void meet_attempts(struct kafka *kafka) {
    static const struct {
        const char *value, *topic;
        int attempts;
    } rows[] = {
        {"10", "payments", 1}, {"20", "payments", 2}, {"30", "payments", 3}, {"40", RETRY_TOPIC, MAX_ATTEMPTS}};
    size_t i;
    for (i = 0; i < COUNT(rows); i++) {
        rd_kafka_message_t *message = record_of(kafka, 3, rows[i].value, 2);
        tracebaton_context_t before;
        tracebaton_extracted_t sent;
        int attempts = 1;
        tracebaton_rdkafka_extract(message, &sent);
        before = sent.context;
        process(message);
        before.tracestate = "a=1"; /* of the message, which is destroyed */
        rd_kafka_message_destroy(message);
        for (; places[0].attempts > 0; attempts++) {
            CHECK(rows[i].value, places[0].attempts == attempts);
            check_next(&places[0].attempt, &before);
            before = places[0].attempt;
            process_again(&places[0]);
        }
        CHECK(rows[i].value, attempts == rows[i].attempts);
        message = kafka_consume(kafka);
        CHECK(rows[i].value, !strcmp(rd_kafka_topic_name(message->rkt), rows[i].topic) && message->len == 2);
        CHECK(rows[i].value, tracebaton_rdkafka_extract(message, &sent) == TRACEBATON_OK);
        check_next(&sent.context, &before);
        rd_kafka_message_destroy(message);
    }
}

int main(void) {
    rd_kafka_topic_partition_list_t *partitions = rd_kafka_topic_partition_list_new(3);
    struct kafka kafka;
    scenario_start(&kafka);
    producer = kafka.producer;
    tracebaton_links_start(array, RECORDS, tracestates, sizeof(tracestates), &links);
    meet_everything(&kafka);
    scenario_check(&kafka);

    rd_kafka_mock_topic_create(kafka.cluster, RETRY_TOPIC, 1, 1);
    rd_kafka_topic_partition_list_add(partitions, RETRY_TOPIC, 0)->offset = 0;
    rd_kafka_topic_partition_list_add(partitions, KAFKA_NEXT_TOPIC, 0)->offset = RECORDS;
    rd_kafka_topic_partition_list_add(partitions, KAFKA_TOPIC, 0)->offset = 2 * RECORDS; /* and as many fillers */
    rd_kafka_assign(kafka.consumer, partitions);
    rd_kafka_topic_partition_list_destroy(partitions);
    meet_no_room(&kafka);
    meet_attempts(&kafka);
    kafka_stop(&kafka);
    printf("%d checks failed\n", failures);
    return failures ? 1 : 0;
}
