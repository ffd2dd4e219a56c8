/* The queue time of a message (C7): signed, never clamped, with the kind of the timestamp. */
#include "check.h"
#include "kafka.h"
#include "lists.h"

#define CREATED 1700000000000

static const struct {
    const char *name;
    int64_t consumed, milliseconds;
} rows[] = {
    {"a while", CREATED + 1250, 1250},
    {"immediately", CREATED, 0},
    {"the producer's clock is ahead", CREATED - 60000, -60000},
    {"long ago", CREATED + 31536000000, 31536000000},
    {"the earliest time", INT64_MIN, INT64_MIN},
    {"the latest time", INT64_MAX, INT64_MAX - CREATED},
    {"at the epoch", 0, -CREATED},
};

static void check_create_time(struct kafka *kafka) {
    tracebaton_rdkafka_record_t record = tracebaton_rdkafka_record(KAFKA_TOPIC, "v", 1);
    rd_kafka_message_t *message;
    tracebaton_queue_time_t waited;
    size_t i;
    record.timestamp = CREATED;
    CHECK("set-up", !tracebaton_rdkafka_produce(kafka->producer, &record, NULL, NULL));
    message = kafka_consume(kafka);
    for (i = 0; i < COUNT(rows); i++) {
        CHECK(rows[i].name, tracebaton_rdkafka_queue_time(message, rows[i].consumed, &waited) == TRACEBATON_OK);
        CHECK(rows[i].name, waited.milliseconds == rows[i].milliseconds);
        CHECK(rows[i].name, waited.kind == TRACEBATON_TIMESTAMP_CREATE_TIME);
    }
    CHECK("nowhere", tracebaton_rdkafka_queue_time(message, 0, NULL) == TRACEBATON_INVALID_ARGUMENT_3);
    rd_kafka_message_destroy(message);
}

/* The mock broker gives delivery reports a log-append time. An error message has no time. */
static void report(rd_kafka_t *rk, const rd_kafka_message_t *message, void *opaque) {
    tracebaton_queue_time_t waited;
    (void)rk;
    CHECK("log-append time", tracebaton_rdkafka_queue_time(message, 2000, &waited) == TRACEBATON_OK);
    CHECK("log-append time", waited.kind == TRACEBATON_TIMESTAMP_LOG_APPEND_TIME);
    CHECK("log-append time", waited.milliseconds == 2000 - rd_kafka_message_timestamp(message, NULL));
    ++*(int *)opaque;
}

static void check_log_append_time(void) {
    char error[256];
    int reports = 0;
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    rd_kafka_t *producer;
    tracebaton_rdkafka_record_t record = tracebaton_rdkafka_record(KAFKA_TOPIC, "v", 1);
    rd_kafka_conf_set(conf, "test.mock.num.brokers", "1", error, sizeof(error));
    rd_kafka_conf_set_dr_msg_cb(conf, report);
    rd_kafka_conf_set_opaque(conf, &reports);
    producer = rd_kafka_new(RD_KAFKA_PRODUCER, conf, error, sizeof(error));
    CHECK("set-up", !tracebaton_rdkafka_produce(producer, &record, NULL, NULL));
    rd_kafka_flush(producer, 10000);
    CHECK("log-append time", reports == 1);
    rd_kafka_destroy(producer);
}

static void check_no_time(struct kafka *kafka) {
    rd_kafka_message_t *end = NULL;
    tracebaton_queue_time_t waited;
    tracebaton_extracted_t extracted;
    while (!end)
        end = rd_kafka_consumer_poll(kafka->consumer, 100);
    CHECK("no time", end->err == RD_KAFKA_RESP_ERR__PARTITION_EOF);
    CHECK("no time", tracebaton_rdkafka_queue_time(end, 2000, &waited) == TRACEBATON_NO_TIMESTAMP);
    CHECK("no time", waited.milliseconds == 0 && waited.kind == TRACEBATON_TIMESTAMP_NOT_AVAILABLE);
    CHECK("no headers", tracebaton_rdkafka_extract(end, &extracted) == TRACEBATON_RDKAFKA_NOT_A_RECORD);
    rd_kafka_message_destroy(end);
    CHECK("no message", tracebaton_rdkafka_queue_time(NULL, 2000, &waited) == TRACEBATON_NO_TIMESTAMP);
}

void queue_time_suite(void) {
    struct kafka kafka;
    kafka_start(&kafka, NULL);
    check_create_time(&kafka);
    check_no_time(&kafka);
    kafka_stop(&kafka);
    check_log_append_time();
}
