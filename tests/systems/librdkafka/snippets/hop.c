/* Runs a page's `hop` in C, defined in SNIPPET. */
#define main snippet_main
#include SNIPPET
#undef main

#include "check.h"
#include "scenario.h"

static tracebaton_trace_id_t trace_id = {{7}};
static tracebaton_span_id_t span_id = {{9}};

static rd_kafka_resp_err_t call(struct kafka *kafka, const rd_kafka_message_t *message) {
    span_id.bytes[7]++;
    return hop(message, kafka->producer, &trace_id, &span_id);
}

/* Calls the hop until the queue has room, as the guides do. Returns how often the queue was full. */
static int call_until_taken(struct kafka *kafka, const rd_kafka_message_t *message) {
    rd_kafka_resp_err_t err;
    int full_queues = 0;
    scenario_fill_queue(kafka);
    while ((err = call(kafka, message)) == RD_KAFKA_RESP_ERR__QUEUE_FULL) {
        full_queues++;
        rd_kafka_poll(kafka->producer, 10);
    }
    CHECK("a record", !err);
    rd_kafka_flush(kafka->producer, 10000);
    return full_queues > 0;
}

int main(void) {
    int records = 0, errors = 0, full_queues = 0, waits;
    struct kafka kafka;
    scenario_start(&kafka);
    CHECK("no message", call(&kafka, NULL) != RD_KAFKA_RESP_ERR_NO_ERROR);
    for (waits = 0; !scenario_is_met(records, errors, full_queues) && waits < 2000; waits++) {
        rd_kafka_message_t *message = rd_kafka_consumer_poll(kafka.consumer, 10);
        const int is_error = !message || message->err;
        if (is_error) {
            const rd_kafka_resp_err_t err = call(&kafka, message);
            CHECK("an error", err != RD_KAFKA_RESP_ERR_NO_ERROR);
            CHECK("an error", !message || err == message->err);
            errors++;
        } else if (!strcmp(rd_kafka_topic_name(message->rkt), KAFKA_TOPIC) && !scenario_is_filler(message->payload, message->len)) {
            full_queues += call_until_taken(&kafka, message);
            records++;
        }
        if (message)
            rd_kafka_message_destroy(message);
    }
    CHECK("the scenario", scenario_is_met(records, errors, full_queues));
    scenario_check(&kafka);
    kafka_stop(&kafka);
    printf("%d records, %d errors, %d full queues: %d checks failed\n", records, errors, full_queues, failures);
    return failures ? 1 : 0;
}
