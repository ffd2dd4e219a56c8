/* Which messages are records, and records that are produced in the trace of a message. */
#include "check.h"
#include "kafka.h"
#include "lists.h"

#include <stdlib.h>

static const tracebaton_trace_id_t new_trace = {{7}};
static const tracebaton_span_id_t new_span = {{9}};
static const uint8_t flags = TRACEBATON_FLAG_SAMPLED | TRACEBATON_FLAG_RANDOM;

/* Messages that are not records: a time-out, librdkafka's errors without a topic, and events of a partition. */
static rd_kafka_message_t *time_out(struct kafka *kafka) {
    (void)kafka;
    return NULL;
}

/* The first message with this error; NULL if there is none within 20 seconds. */
static rd_kafka_message_t *reported(struct kafka *kafka, rd_kafka_resp_err_t err) {
    int waits;
    for (waits = 0; waits < 200; waits++) {
        rd_kafka_message_t *message = rd_kafka_consumer_poll(kafka->consumer, 100);
        if (message && message->err == err)
            return message;
        if (message)
            rd_kafka_message_destroy(message);
    }
    return NULL;
}

static rd_kafka_message_t *end_of_partition(struct kafka *kafka) {
    return reported(kafka, RD_KAFKA_RESP_ERR__PARTITION_EOF);
}

static rd_kafka_message_t *unknown_topic(struct kafka *kafka) {
    rd_kafka_topic_partition_list_t *topics = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(topics, "unheard of", RD_KAFKA_PARTITION_UA);
    rd_kafka_mock_topic_set_error(kafka->cluster, "unheard of", RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART);
    rd_kafka_subscribe(kafka->consumer, topics);
    rd_kafka_topic_partition_list_destroy(topics);
    return reported(kafka, RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART);
}

static const struct {
    const char *name;
    rd_kafka_message_t *(*message)(struct kafka *);
    rd_kafka_resp_err_t err;
} no_records[] = {
    {"a time-out", time_out, RD_KAFKA_RESP_ERR__TIMED_OUT},
    {"the end of a partition", end_of_partition, RD_KAFKA_RESP_ERR__PARTITION_EOF},
    {"a topic that does not exist", unknown_topic, RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART},
};

static int is_empty(const tracebaton_context_t *context) {
    static const tracebaton_context_t nothing;
    return !memcmp(context, &nothing, sizeof(nothing));
}

static void check_refused(const char *row, struct kafka *kafka, const rd_kafka_message_t *message, rd_kafka_resp_err_t err) {
    tracebaton_rdkafka_record_t record = tracebaton_rdkafka_record_of(KAFKA_NEXT_TOPIC, message);
    const tracebaton_rdkafka_record_t other = tracebaton_rdkafka_record(KAFKA_NEXT_TOPIC, "v", 1);
    tracebaton_extracted_t extracted;
    tracebaton_context_t context;
    tracebaton_status_t written = 99;
    memset(&extracted, 0xaa, sizeof(extracted));
    memset(&context, 0xaa, sizeof(context));
    CHECK(row, record.err == err && !record.headers);
    CHECK(row, tracebaton_rdkafka_produce(kafka->producer, &record, NULL, &written) == err);
    CHECK(row, tracebaton_rdkafka_produce_child(kafka->producer, &record, message, &new_trace, &new_span, flags, &written) == err);
    CHECK(row, tracebaton_rdkafka_produce_child(kafka->producer, &other, message, &new_trace, &new_span, flags, &written) == err);
    CHECK(row, written == 99 && rd_kafka_outq_len(kafka->producer) == 0);
    CHECK(row, tracebaton_rdkafka_extract(message, &extracted) == TRACEBATON_RDKAFKA_NOT_A_RECORD);
    CHECK(row, is_empty(&extracted.context) && extracted.traceparent.status == TRACEBATON_ABSENT);
    CHECK(row, tracebaton_rdkafka_context(message, &context) == TRACEBATON_RDKAFKA_NOT_A_RECORD);
    CHECK(row, is_empty(&context));
    CHECK(row, tracebaton_rdkafka_context(message, NULL) == TRACEBATON_INVALID_ARGUMENT_2);
    CHECK(row, tracebaton_rdkafka_extract(message, NULL) == TRACEBATON_INVALID_ARGUMENT_2);
}

static void check_no_records(void) {
    size_t i;
    for (i = 0; i < COUNT(no_records); i++) {
        struct kafka kafka;
        rd_kafka_message_t *message;
        kafka_start(&kafka, NULL);
        message = no_records[i].message(&kafka);
        check_refused(no_records[i].name, &kafka, message, no_records[i].err);
        if (message)
            rd_kafka_message_destroy(message);
        CHECK(no_records[i].name, kafka.delivered == 0);
        kafka_stop(&kafka);
    }
}

/*
 * An error of librdkafka++. It has neither topic nor payload, and calling librdkafka for its headers would read other
 * memory.
 */
static void check_bare_error(void) {
    rd_kafka_message_t *bare = (rd_kafka_message_t *)calloc(1, sizeof(*bare));
    struct kafka kafka;
    kafka_start(&kafka, NULL);
    bare->err = RD_KAFKA_RESP_ERR__TIMED_OUT;
    check_refused("an error alone", &kafka, bare, RD_KAFKA_RESP_ERR__TIMED_OUT);
    kafka_stop(&kafka);
    free(bare);
}

/*
 * The report of a delivery contains the record, so its context can be extracted. The record of a failed delivery can be
 * produced again.
 */
static rd_kafka_t *resender;
static int delivered, failed;

static void report(rd_kafka_t *rk, const rd_kafka_message_t *message, void *opaque) {
    tracebaton_rdkafka_record_t record = tracebaton_rdkafka_record_of(KAFKA_NEXT_TOPIC, message);
    tracebaton_context_t context;
    const tracebaton_status_t status = tracebaton_rdkafka_context(message, &context);
    (void)rk;
    (void)opaque;
    CHECK("report", context.span_id.bytes[7] == 0x31);
    if (!message->err) {
        delivered++;
        CHECK("delivery", status == TRACEBATON_OK);
        return;
    }
    failed++;
    CHECK("failed delivery", status == TRACEBATON_RDKAFKA_NOT_A_RECORD);
    CHECK("failed delivery", record.err == message->err && record.err != RD_KAFKA_RESP_ERR_NO_ERROR);
    CHECK("failed delivery", tracebaton_rdkafka_produce(resender, &record, NULL, NULL) == message->err);
    record.err = RD_KAFKA_RESP_ERR_NO_ERROR;
    CHECK("failed delivery", !tracebaton_rdkafka_produce(resender, &record, NULL, NULL));
}

/* Produces a record to these brokers and waits for its report. */
static void produce_to(const char *brokers, const char *timeout) {
    static const tracebaton_header_t parent[] = {HEADER("traceparent", PARENT("1"))};
    tracebaton_rdkafka_record_t record = tracebaton_rdkafka_record(KAFKA_TOPIC, "value", 5);
    rd_kafka_headers_t *headers = list_new(parent, 1);
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    char error[256];
    rd_kafka_t *producer;
    rd_kafka_conf_set(conf, "bootstrap.servers", brokers, error, sizeof(error));
    rd_kafka_conf_set(conf, "message.timeout.ms", timeout, error, sizeof(error));
    rd_kafka_conf_set(conf, "log_level", "0", error, sizeof(error));
    rd_kafka_conf_set_dr_msg_cb(conf, report);
    producer = rd_kafka_new(RD_KAFKA_PRODUCER, conf, error, sizeof(error));
    record.headers = headers;
    CHECK("report", !tracebaton_rdkafka_produce(producer, &record, NULL, NULL));
    rd_kafka_flush(producer, 10000);
    rd_kafka_headers_destroy(headers);
    rd_kafka_destroy(producer);
}

static void check_reports(void) {
    struct kafka kafka;
    rd_kafka_message_t *message;
    kafka_start(&kafka, NULL);
    resender = kafka.producer;
    produce_to("127.0.0.1:1", "10");
    CHECK("failed delivery", failed == 1 && delivered == 0);
    message = kafka_consume(&kafka);
    CHECK("failed delivery", message->len == 5 && !memcmp(message->payload, "value", 5));
    rd_kafka_message_destroy(message);
    produce_to(rd_kafka_mock_cluster_bootstraps(kafka.cluster), "10000");
    CHECK("delivery", failed == 1 && delivered == 1);
    kafka_stop(&kafka);
}

#define SMALL 940
static char value[SMALL];

static const struct {
    const char *name;
    tracebaton_header_t headers[MOST_HEADERS];
    size_t size;
    tracebaton_status_t written;
    int continues, has_baggage;
} children[] = {
    {"a parent", {HEADER("k", "v"), HEADER("Traceparent", PARENT("1")), HEADER("baggage", "k=v")}, 5, TRACEBATON_OK, 1, 1},
    {"no parent", {HEADER("k", "v")}, 5, TRACEBATON_ROOT, 0, 0},
    {"no headers", {{NULL, 0, NULL, 0}}, 5, TRACEBATON_ROOT, 0, 0},
    {"a refused parent", {HEADER("traceparent", "00-x"), HEADER("baggage", "k=v")}, 5, TRACEBATON_ROOT, 0, 1},
    {"a tombstone", {HEADER("traceparent", PARENT("1"))}, 0, TRACEBATON_OK, 1, 0},
    {"too large with a context", {HEADER("k", "v")}, SMALL, TRACEBATON_RDKAFKA_RECORD_TOO_LARGE, 0, 0},
};

/* Each refused argument, and its status; librdkafka returns the same error for all of them. */
static void check_arguments(void) {
    static const tracebaton_trace_id_t zero_trace;
    static const tracebaton_span_id_t zero_span;
    const tracebaton_rdkafka_record_t good = tracebaton_rdkafka_record(KAFKA_NEXT_TOPIC, value, 1);
    const tracebaton_rdkafka_record_t no_topic = tracebaton_rdkafka_record(NULL, value, 1);
    const struct {
        const char *name;
        int has_producer;
        const tracebaton_rdkafka_record_t *record;
        const tracebaton_trace_id_t *trace_id;
        const tracebaton_span_id_t *span_id;
        tracebaton_status_t status;
    } rows[] = {
        {"no producer", 0, &good, &new_trace, &new_span, TRACEBATON_INVALID_ARGUMENT_1},
        {"no record", 1, NULL, &new_trace, &new_span, TRACEBATON_INVALID_ARGUMENT_2},
        {"no topic", 1, &no_topic, &new_trace, &new_span, TRACEBATON_INVALID_ARGUMENT_2},
        {"no trace id", 1, &good, NULL, &new_span, TRACEBATON_INVALID_ARGUMENT_4},
        {"a trace id of zeros", 1, &good, &zero_trace, &new_span, TRACEBATON_TRACEPARENT_TRACE_ID_ZERO},
        {"no span id", 1, &good, &new_trace, NULL, TRACEBATON_INVALID_ARGUMENT_5},
        {"a span id of zeros", 1, &good, &new_trace, &zero_span, TRACEBATON_TRACEPARENT_PARENT_ID_ZERO},
    };
    struct kafka kafka;
    rd_kafka_message_t *message;
    size_t i;
    kafka_start(&kafka, NULL);
    message = kafka_round_trip(&kafka, rd_kafka_headers_new(0));
    for (i = 0; i < COUNT(rows); i++) {
        rd_kafka_t *producer = rows[i].has_producer ? kafka.producer : NULL;
        tracebaton_status_t written = 99;
        CHECK(rows[i].name, tracebaton_rdkafka_produce_child(producer, rows[i].record, message, rows[i].trace_id, rows[i].span_id,
                                                             flags, &written) == RD_KAFKA_RESP_ERR__INVALID_ARG);
        CHECK(rows[i].name, written == rows[i].status);
        CHECK(rows[i].name, tracebaton_rdkafka_produce_child(producer, rows[i].record, message, rows[i].trace_id, rows[i].span_id,
                                                             flags, NULL) == RD_KAFKA_RESP_ERR__INVALID_ARG);
    }
    rd_kafka_message_destroy(message);
    kafka_stop(&kafka);
}

static void check_child(size_t i, struct kafka *kafka) {
    const char *row = children[i].name;
    rd_kafka_message_t *message =
        kafka_round_trip_of(kafka, list_new(children[i].headers, list_count(children[i].headers)), value, children[i].size);
    tracebaton_rdkafka_record_t record = tracebaton_rdkafka_record_of(KAFKA_NEXT_TOPIC, message);
    tracebaton_status_t written = 99;
    tracebaton_context_t context;
    rd_kafka_message_t *sent;
    CHECK(row, !tracebaton_rdkafka_produce_child(kafka->producer, &record, message, &new_trace, &new_span, flags, &written));
    CHECK(row, written == children[i].written);
    sent = kafka_consume(kafka);
    CHECK(row, sent->len == children[i].size && (sent->payload != NULL) == (children[i].size > 0));
    if (children[i].written >= 0) {
        CHECK(row, tracebaton_rdkafka_context(sent, &context) == TRACEBATON_OK);
        CHECK(row, !memcmp(&context.span_id, &new_span, sizeof(new_span)));
        CHECK(row, (context.trace_id.bytes[0] == 0x0a) == children[i].continues);
        CHECK(row, children[i].continues || (!memcmp(&context.trace_id, &new_trace, sizeof(new_trace)) && context.trace_flags == flags));
        CHECK(row, (context.baggage_size == 3) == children[i].has_baggage);
    } else
        CHECK(row, tracebaton_rdkafka_context(sent, &context) == TRACEBATON_NO_CONTEXT);
    rd_kafka_message_destroy(sent);
    rd_kafka_message_destroy(message);
}

static void check_children(void) {
    static const char *const small_messages[] = {"message.max.bytes", "1000", NULL};
    struct kafka kafka;
    size_t i;
    memset(value, 'x', sizeof(value));
    kafka_start(&kafka, small_messages);
    for (i = 0; i < COUNT(children); i++)
        check_child(i, &kafka);
    kafka_stop(&kafka);
}

void records_suite(void) {
    check_no_records();
    check_bare_error();
    check_reports();
    check_arguments();
    check_children();
}
