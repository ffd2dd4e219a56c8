#include "scenario.h"

#include "check.h"
#include "lists.h"

#include <stdlib.h>

int failures;

#define FILLER "filler"

/* The baggage that the snippet sets. */
#ifndef BAGGAGE
#define BAGGAGE ""
#endif

static const struct {
    const char *value;
    tracebaton_header_t headers[MOST_HEADERS];
    int has_parent;
} inputs[] = {
    {"a parent", {HEADER("k", "v"), HEADER("Traceparent", PARENT("1")), HEADER("tracestate", "a=1")}, 1},
    {"no headers", {{NULL, 0, NULL, 0}}, 0},
    {"no parent", {HEADER("k", "v")}, 0},
    {"a refused parent", {HEADER("traceparent", "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01"), HEADER("k", "v")}, 0},
    {"two parents", {HEADER("traceparent", "x"), HEADER("traceparent", PARENT("1"))}, 1},
};

static void give_up(const char *what) {
    fprintf(stderr, "%s\n", what);
    exit(2);
}

static void produce(struct kafka *kafka, const char *value, rd_kafka_headers_t *headers) {
    if (rd_kafka_producev(kafka->producer, RD_KAFKA_V_TOPIC(KAFKA_TOPIC), RD_KAFKA_V_PARTITION(0),
                          RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_VALUE((void *)(uintptr_t)value, strlen(value)),
                          RD_KAFKA_V_HEADERS(headers), RD_KAFKA_V_END))
        give_up("not produced");
}

void scenario_start(struct kafka *kafka) {
    static const char *const queue_of_one[] = {"queue.buffering.max.messages", "1", "linger.ms", "100", NULL};
    size_t i;
    kafka_start(kafka, queue_of_one);
    for (i = 0; i < COUNT(inputs); i++) {
        produce(kafka, inputs[i].value, list_new(inputs[i].headers, list_count(inputs[i].headers)));
        rd_kafka_flush(kafka->producer, 10000);
    }
}

void scenario_fill_queue(struct kafka *kafka) {
    rd_kafka_flush(kafka->producer, 10000);
    produce(kafka, FILLER, rd_kafka_headers_new(0));
}

int scenario_is_filler(const void *payload, size_t size) {
    return size == strlen(FILLER) && !memcmp(payload, FILLER, size);
}

int scenario_is_met(int records, int errors, int full_queues) {
    return records >= (int)COUNT(inputs) && errors >= 5 && full_queues >= (int)COUNT(inputs);
}

static const tracebaton_header_t trace_header = HEADER("traceparent", PARENT("1"));

/*
 * Checks an arrived record: it is one of the inputs, has not arrived before, and is in its parent's trace or in a new
 * one.
 */
static void check_arrival(const rd_kafka_message_t *message, int arrived[COUNT(inputs)]) {
    rd_kafka_headers_t *headers = NULL;
    tracebaton_extracted_t parent, extracted;
    int is_same_trace;
    size_t i = 0;
    while (i < COUNT(inputs) &&
           (message->len != strlen(inputs[i].value) || memcmp(message->payload, inputs[i].value, message->len)))
        i++;
    if (i == COUNT(inputs)) {
        failures++;
        fprintf(stderr, "a record that nobody sent: \"%.*s\"\n", (int)message->len, (const char *)message->payload);
        return;
    }
    arrived[i]++;
    tracebaton_headers_extract(&trace_header, 1, &parent);
    CHECK(inputs[i].value, !rd_kafka_message_headers(message, &headers) && list_occurrences(headers, "traceparent") == 1);
    CHECK(inputs[i].value, tracebaton_rdkafka_extract(message, &extracted) == TRACEBATON_OK);
    is_same_trace = !memcmp(&extracted.context.trace_id, &parent.context.trace_id, sizeof(parent.context.trace_id));
    CHECK(inputs[i].value, is_same_trace == inputs[i].has_parent);
    CHECK(inputs[i].value, memcmp(&extracted.context.span_id, &parent.context.span_id, sizeof(parent.context.span_id)));
    CHECK(inputs[i].value, inputs[i].has_parent || extracted.context.trace_flags == 3);
    CHECK(inputs[i].value, extracted.context.baggage_size == strlen(BAGGAGE) &&
                               (!strlen(BAGGAGE) || !memcmp(extracted.context.baggage, BAGGAGE, strlen(BAGGAGE))));
    CHECK(inputs[i].value, !inputs[i].headers[0].name || inputs[i].headers[0].name[0] != 'k' || list_occurrences(headers, "k") == 1);
}

void scenario_check(struct kafka *kafka) {
    rd_kafka_topic_partition_list_t *partitions = rd_kafka_topic_partition_list_new(1);
    int arrived[COUNT(inputs)] = {0}, waits, is_end = 0;
    size_t i;
    rd_kafka_flush(kafka->producer, 10000);
    rd_kafka_topic_partition_list_add(partitions, KAFKA_NEXT_TOPIC, 0)->offset = 0;
    rd_kafka_assign(kafka->consumer, partitions);
    rd_kafka_topic_partition_list_destroy(partitions);
    for (waits = 0; !is_end && waits < 600; waits++) {
        rd_kafka_message_t *message = rd_kafka_consumer_poll(kafka->consumer, 100);
        if (!message)
            continue;
        is_end = message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF && !strcmp(rd_kafka_topic_name(message->rkt), KAFKA_NEXT_TOPIC);
        if (!message->err)
            check_arrival(message, arrived);
        rd_kafka_message_destroy(message);
    }
    CHECK("the end", is_end);
    for (i = 0; i < COUNT(inputs); i++)
        CHECK(inputs[i].value, arrived[i] == 1);
}
