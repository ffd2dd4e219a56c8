/* Runs the retries of a C example, defined in SNIPPET. */
#define main snippet_main
#include SNIPPET
#undef main

#include "check.h"
#include "lists.h"
#include "scenario.h"

#define RECORDS 5 /* of the scenario */
#define RETRY_TOPIC "orders.retry"

static struct retries retries;

/* The first attempts, in the sequence of the records. */
static tracebaton_context_t array[RECORDS];
static char tracestates[64];
static tracebaton_links_t links;

/* A record waits for its second attempt, which meets a full queue; its message has been destroyed by then. */
static void retry_one(struct kafka *kafka, rd_kafka_message_t *message) {
    process(&retries, kafka->producer, message);
    rd_kafka_message_destroy(message);
    CHECK("a record", retries.count == 1);
    CHECK("a link", tracebaton_links_add(&links, &retries.places[retries.first].attempt) == TRACEBATON_OK);
    scenario_fill_queue(kafka);
    process_again(&retries, kafka->producer);
    CHECK("a record", retries.count == 0);
    rd_kafka_flush(kafka->producer, 10000);
}

/* The record of the second attempt: a child of the first one. */
static void check_second(const rd_kafka_message_t *message, const tracebaton_context_t *first) {
    tracebaton_extracted_t second;
    CHECK("a retry", tracebaton_rdkafka_extract(message, &second) == TRACEBATON_OK);
    CHECK("a retry", !memcmp(&second.context.trace_id, &first->trace_id, sizeof(first->trace_id)));
    CHECK("a retry", memcmp(&second.context.span_id, &first->span_id, sizeof(first->span_id)));
    CHECK("a retry", second.context.tracestate_size == first->tracestate_size &&
                         (first->tracestate_size == 0 ||
                          !memcmp(second.context.tracestate, first->tracestate, first->tracestate_size)));
}

static void meet_everything(struct kafka *kafka) {
    int records = 0, seconds = 0, errors = 0, waits;
    process(&retries, kafka->producer, NULL);
    for (waits = 0; (records < RECORDS || seconds < RECORDS || errors < 5) && waits < 2000; waits++) {
        rd_kafka_message_t *message = rd_kafka_consumer_poll(kafka->consumer, 10);
        if (!message || message->err) {
            process(&retries, kafka->producer, message);
            CHECK("an error", retries.count == 0);
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

/* A record with this size of its baggage and this size of its value. */
static rd_kafka_message_t *record_of(struct kafka *kafka, size_t baggage_size, size_t size) {
    static char baggage[2048], value[512];
    const tracebaton_header_t headers[] = {HEADER("traceparent", PARENT("1")), {"baggage", 7, baggage, baggage_size}};
    memset(baggage, 'v', sizeof(baggage));
    memcpy(baggage, "k=", 2);
    return kafka_round_trip_of(kafka, list_new(headers, 2), value, size);
}

/* A record for which there is no room is sent to the other topic immediately, complete and in its trace. */
static void meet_no_room(struct kafka *kafka) {
    static const struct {
        const char *name;
        size_t baggage_size, size, waiting;
    } rows[] = {
        {"room for all", 3, 3, 0},
        {"a context as large as its buffer", 1024, 256, 0},
        {"a context that does not fit", 1025, 3, 0},
        {"a value that does not fit", 3, 257, 0},
        {"a full queue", 3, 3, MOST_WAITING},
    };
    size_t i, waiting;
    for (i = 0; i < COUNT(rows); i++) {
        const int fits = i < 2;
        rd_kafka_message_t *message;
        tracebaton_extracted_t sent;
        for (waiting = 0; waiting < rows[i].waiting; waiting++) {
            message = record_of(kafka, 3, 3);
            process(&retries, kafka->producer, message);
            rd_kafka_message_destroy(message);
        }
        message = record_of(kafka, rows[i].baggage_size, rows[i].size);
        process(&retries, kafka->producer, message);
        rd_kafka_message_destroy(message);
        CHECK(rows[i].name, retries.count == (fits ? 1 : rows[i].waiting));
        for (; retries.count > 0; forget_first(&retries))
            CHECK(rows[i].name, retries.places[retries.first].attempt.baggage_size == (fits ? rows[i].baggage_size : 3));
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

int main(void) {
    rd_kafka_topic_partition_list_t *partitions = rd_kafka_topic_partition_list_new(2);
    struct kafka kafka;
    scenario_start(&kafka);
    tracebaton_links_start(array, RECORDS, tracestates, sizeof(tracestates), &links);
    meet_everything(&kafka);
    scenario_check(&kafka);

    rd_kafka_mock_topic_create(kafka.cluster, RETRY_TOPIC, 1, 1);
    rd_kafka_topic_partition_list_add(partitions, RETRY_TOPIC, 0)->offset = 0;
    rd_kafka_topic_partition_list_add(partitions, KAFKA_TOPIC, 0)->offset = 2 * RECORDS; /* and as many fillers */
    rd_kafka_assign(kafka.consumer, partitions);
    rd_kafka_topic_partition_list_destroy(partitions);
    meet_no_room(&kafka);
    kafka_stop(&kafka);
    printf("%d checks failed\n", failures);
    return failures ? 1 : 0;
}
