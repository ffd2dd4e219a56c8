/* Producing: in every outcome no list leaks and none is freed twice (W6). Also run under valgrind. */
#include "check.h"
#include "kafka.h"
#include "lists.h"

#include <stdlib.h>

#define TRIES 5
#define SPAN "b7ad6b7169203339"

static char bytes[4096];
static char long_name[600];

static const tracebaton_header_t own_headers[] = {HEADER("k", "v"), HEADER("Traceparent", PARENT("1")),
                                                  HEADER("traceparent", PARENT("2")), NULL_HEADER("\377")};

static tracebaton_injection_t new_injection(void) {
    static const tracebaton_header_t headers[] = {HEADER("traceparent", "00-" TRACE "-" SPAN "-01"),
                                                  HEADER("tracestate", "a=1"), HEADER("baggage", "k=v")};
    tracebaton_extracted_t extracted;
    tracebaton_injection_t injection;
    CHECK("set-up", tracebaton_headers_extract(headers, COUNT(headers), &extracted) == TRACEBATON_OK);
    CHECK("set-up", tracebaton_injection_prepare(&extracted.context, &injection) == TRACEBATON_OK);
    return injection;
}

/* Delivers one record, so that librdkafka knows the topic's partitions. */
static void know_topic(struct kafka *kafka) {
    rd_kafka_message_destroy(kafka_round_trip(kafka, rd_kafka_headers_new(0)));
}

static void fill_queue(struct kafka *kafka) {
    tracebaton_rdkafka_record_t record = tracebaton_rdkafka_record(KAFKA_TOPIC, "first", 5);
    CHECK("set-up", !tracebaton_rdkafka_produce(kafka->producer, &record, NULL, NULL));
}

static void fail_for_good(struct kafka *kafka) {
    rd_kafka_test_fatal_error(kafka->producer, RD_KAFKA_RESP_ERR_OUT_OF_ORDER_SEQUENCE_NUMBER, "for the test");
}

static void forget_topic(struct kafka *kafka) {
    tracebaton_rdkafka_record_t record = tracebaton_rdkafka_record(KAFKA_TOPIC, NULL, 0);
    rd_kafka_mock_topic_set_error(kafka->cluster, KAFKA_TOPIC, RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART);
    while (!kafka->undelivered) {
        tracebaton_rdkafka_produce(kafka->producer, &record, NULL, NULL);
        rd_kafka_poll(kafka->producer, 10);
    }
}

static const char *const small_messages[] = {"message.max.bytes", "1000", NULL};
static const char *const queue_of_one[] = {"queue.buffering.max.messages", "1", "linger.ms", "5000", NULL};
static const char *const idempotent[] = {"enable.idempotence", "true", NULL};
static const char *const impatient[] = {"topic.metadata.propagation.max.ms", "1", NULL};

/* Records that librdkafka refuses, each tried several times. */
static const struct {
    const char *name;
    const char *const *options;
    void (*prepare)(struct kafka *);
    const char *topic;
    int32_t partition;
    size_t size;
    rd_kafka_resp_err_t err;
} refused_rows[] = {
    {"too large", small_messages, NULL, KAFKA_TOPIC, 0, 2000, RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE},
    {"queue full", queue_of_one, fill_queue, KAFKA_TOPIC, 0, 10, RD_KAFKA_RESP_ERR__QUEUE_FULL},
    {"unknown partition", NULL, know_topic, KAFKA_TOPIC, 99, 10, RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION},
    {"unknown topic", impatient, forget_topic, KAFKA_TOPIC, 0, 10, RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC},
    {"an invalid topic name", NULL, NULL, long_name, 0, 10, RD_KAFKA_RESP_ERR__INVALID_ARG},
    {"no topic", NULL, NULL, NULL, 0, 10, RD_KAFKA_RESP_ERR__INVALID_ARG},
    {"a producer that has failed", idempotent, fail_for_good, KAFKA_TOPIC, 0, 10, RD_KAFKA_RESP_ERR__FATAL},
};

static void check_refused(void) {
    tracebaton_injection_t injection = new_injection();
    size_t i;
    for (i = 0; i < COUNT(refused_rows); i++) {
        rd_kafka_headers_t *own = list_new(own_headers, COUNT(own_headers));
        tracebaton_rdkafka_record_t record = tracebaton_rdkafka_record(refused_rows[i].topic, bytes, refused_rows[i].size);
        tracebaton_status_t written = 99;
        struct kafka kafka;
        int tries, before;
        kafka_start(&kafka, refused_rows[i].options);
        if (refused_rows[i].prepare)
            refused_rows[i].prepare(&kafka);
        before = rd_kafka_outq_len(kafka.producer);
        record.partition = refused_rows[i].partition;
        record.headers = own;
        for (tries = 0; tries < TRIES; tries++) {
            CHECK(refused_rows[i].name,
                  tracebaton_rdkafka_produce(kafka.producer, &record, &injection, &written) == refused_rows[i].err);
            CHECK(refused_rows[i].name, list_equals(own, own_headers, COUNT(own_headers)));
        }
        CHECK(refused_rows[i].name, written == (refused_rows[i].topic ? 99 : TRACEBATON_INVALID_ARGUMENT_2));
        CHECK(refused_rows[i].name, rd_kafka_outq_len(kafka.producer) <= before);
        rd_kafka_headers_destroy(own);
        kafka_stop(&kafka);
    }
}

/* Records that librdkafka accepts but cannot deliver; it owns their lists. */
static void purge(struct kafka *kafka) {
    rd_kafka_purge(kafka->producer, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
}

static const char *const slow[] = {"linger.ms", "60000", NULL};
static const char *const short_lived[] = {"linger.ms", "0", "message.timeout.ms", "50", NULL};

static void lose_broker(struct kafka *kafka) {
    rd_kafka_mock_broker_set_down(kafka->cluster, 1);
}

static const struct {
    const char *name;
    const char *const *options;
    void (*before)(struct kafka *), (*after)(struct kafka *);
    const char *topic;
    int32_t partition;
} undelivered_rows[] = {
    {"purged", slow, NULL, purge, KAFKA_TOPIC, 0},
    {"timed out", short_lived, lose_broker, NULL, KAFKA_TOPIC, 0},
    {"a partition that does not exist", NULL, NULL, NULL, "unheard of", 99},
};

static void check_undelivered(void) {
    tracebaton_injection_t injection = new_injection();
    size_t i;
    for (i = 0; i < COUNT(undelivered_rows); i++) {
        rd_kafka_headers_t *own = list_new(own_headers, COUNT(own_headers));
        tracebaton_rdkafka_record_t record = tracebaton_rdkafka_record(undelivered_rows[i].topic, bytes, 10);
        struct kafka kafka;
        int tries, enqueued = 0;
        kafka_start(&kafka, undelivered_rows[i].options);
        if (undelivered_rows[i].before)
            undelivered_rows[i].before(&kafka);
        record.partition = undelivered_rows[i].partition;
        record.headers = own;
        for (tries = 0; tries < TRIES; tries++) {
            rd_kafka_resp_err_t err = tracebaton_rdkafka_produce(kafka.producer, &record, &injection, NULL);
            enqueued += !err;
            /* Once the broker has answered, librdkafka knows that the partition does not exist. */
            CHECK(undelivered_rows[i].name, !err || (record.partition && err == RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION));
        }
        CHECK(undelivered_rows[i].name, list_equals(own, own_headers, COUNT(own_headers)));
        rd_kafka_headers_destroy(own);
        if (undelivered_rows[i].after)
            undelivered_rows[i].after(&kafka);
        while (rd_kafka_outq_len(kafka.producer) > 0)
            rd_kafka_poll(kafka.producer, 10);
        /* On a slow machine it may have answered before the first try. */
        CHECK(undelivered_rows[i].name, enqueued > 0 || record.partition);
        CHECK(undelivered_rows[i].name, kafka.delivered == 0 && kafka.undelivered == enqueued);
        kafka_stop(&kafka);
    }
}

/* Records that are delivered; `size` is the size of the value. */
static const struct {
    const char *name;
    const char *const *options;
    size_t size;
    int with_headers;
    tracebaton_status_t written;
} delivered_rows[] = {
    {"no headers of the application", NULL, 10, 0, TRACEBATON_OK},
    {"headers of the application", NULL, 10, 1, TRACEBATON_OK},
    {"a tombstone", NULL, 0, 1, TRACEBATON_OK},
    {"fits only without the context", small_messages, 940, 1, TRACEBATON_RDKAFKA_RECORD_TOO_LARGE},
    {"fits only without the context, no headers of the application", small_messages, 940, 0, TRACEBATON_RDKAFKA_RECORD_TOO_LARGE},
};

static void check_message(const char *row, const rd_kafka_message_t *message, int with_headers, int with_context) {
    rd_kafka_headers_t *headers = NULL;
    tracebaton_extracted_t extracted;
    size_t own = with_headers ? 2 : 0;
    rd_kafka_message_headers(message, &headers);
    CHECK(row, tracebaton_rdkafka_extract(message, &extracted) == (with_context ? TRACEBATON_OK : TRACEBATON_NO_CONTEXT));
    CHECK(row, (headers ? rd_kafka_header_cnt(headers) : 0) == own + (with_context ? 3 : 0));
    CHECK(row, !headers || list_occurrences(headers, "traceparent") == (with_context ? 1 : 0));
    CHECK(row, message->key_len == 3 && !memcmp(message->key, "key", 3));
    CHECK(row, rd_kafka_message_timestamp(message, NULL) == 1234567890123);
    if (with_context) {
        CHECK(row, extracted.traceparent.index == own);
        CHECK(row, extracted.context.span_id.bytes[7] == 0x39);
        CHECK(row, extracted.context.tracestate_size == 3 && extracted.context.baggage_size == 3);
    }
}

static void check_delivered(void) {
    tracebaton_injection_t injection = new_injection();
    size_t i;
    for (i = 0; i < COUNT(delivered_rows); i++) {
        rd_kafka_headers_t *own = list_new(own_headers, COUNT(own_headers));
        tracebaton_rdkafka_record_t record =
            tracebaton_rdkafka_record(KAFKA_TOPIC, delivered_rows[i].size ? bytes : NULL, delivered_rows[i].size);
        tracebaton_status_t written = 99;
        rd_kafka_message_t *message;
        struct kafka kafka;
        kafka_start(&kafka, delivered_rows[i].options);
        record.key = "key";
        record.key_len = 3;
        record.timestamp = 1234567890123;
        record.msg_opaque = &kafka;
        if (delivered_rows[i].with_headers)
            record.headers = own;
        CHECK(delivered_rows[i].name, !tracebaton_rdkafka_produce(kafka.producer, &record, &injection, &written));
        CHECK(delivered_rows[i].name, written == delivered_rows[i].written);
        CHECK(delivered_rows[i].name, list_equals(own, own_headers, COUNT(own_headers)));
        message = kafka_consume(&kafka);
        check_message(delivered_rows[i].name, message, delivered_rows[i].with_headers, written == TRACEBATON_OK);
        rd_kafka_message_destroy(message);
        rd_kafka_headers_destroy(own);
        rd_kafka_flush(kafka.producer, 10000);
        CHECK(delivered_rows[i].name, kafka.delivered == 1 && kafka.undelivered == 0);
        kafka_stop(&kafka);
    }
}

/* The application's memory: librdkafka frees it if it accepts the record, and only then. */
static void check_payload_that_is_handed_over(void) {
    tracebaton_injection_t injection = new_injection();
    char *payload = (char *)malloc(10);
    tracebaton_rdkafka_record_t record = tracebaton_rdkafka_record(KAFKA_TOPIC, payload, 10);
    struct kafka kafka;
    memset(payload, 'x', 10);
    kafka_start(&kafka, NULL);
    know_topic(&kafka);
    record.msgflags = RD_KAFKA_MSG_F_FREE;
    record.partition = 99;
    CHECK("refused", tracebaton_rdkafka_produce(kafka.producer, &record, &injection, NULL));
    CHECK("still ours", payload[9] == 'x');
    record.partition = 0;
    CHECK("taken", !tracebaton_rdkafka_produce(kafka.producer, &record, &injection, NULL));
    rd_kafka_message_destroy(kafka_consume(&kafka));
    kafka_stop(&kafka);
}

void produce_suite(void) {
    memset(bytes, 'x', sizeof(bytes));
    memset(long_name, 'x', sizeof(long_name) - 1);
    check_refused();
    check_undelivered();
    check_delivered();
    check_payload_that_is_handed_over();
}
