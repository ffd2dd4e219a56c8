/* ffi/examples/rdkafka_hop.c, on records with and without a context; and the outbox example. */
#define main hop_main
#include "../../../../ffi/examples/rdkafka_hop.c"
#undef main
#include "../../../../ffi/examples/rdkafka_headers.c"

#include "check.h"
#include "example.h"

static rd_kafka_message_t *sent_on(struct kafka *kafka) {
    for (;;) {
        rd_kafka_message_t *message = kafka_consume(kafka);
        if (!strcmp(rd_kafka_topic_name(message->rkt), KAFKA_NEXT_TOPIC))
            return message;
        rd_kafka_message_destroy(message);
    }
}

/* Runs the example with the brokers of the cluster, and returns its exit code. */
static int run_on(const struct kafka *kafka, example_main run) {
    char name[] = "rdkafka_hop", brokers[64];
    char *arguments[] = {name, brokers, NULL};
    snprintf(brokers, sizeof(brokers), "%s", rd_kafka_mock_cluster_bootstraps(kafka->cluster));
    return run(2, arguments);
}

static void check_hop(example_main run, const tracebaton_injection_t *injection, int continues) {
    tracebaton_rdkafka_record_t record = tracebaton_rdkafka_record(KAFKA_TOPIC, "value", 5);
    tracebaton_extracted_t received;
    rd_kafka_message_t *message;
    struct kafka kafka;
    kafka_start(&kafka, NULL);

    CHECK("sent", !tracebaton_rdkafka_produce(kafka.producer, &record, injection, NULL));
    CHECK("hop", run_on(&kafka, run) == 0);
    message = sent_on(&kafka);
    CHECK("hop", message->len == 5);
    CHECK("hop", tracebaton_rdkafka_extract(message, &received) == TRACEBATON_OK);
    CHECK("hop", (received.context.trace_id.bytes[0] == 0x0a && received.context.trace_id.bytes[15] == 0x9c) == continues);
    CHECK("hop", received.context.span_id.bytes[0] != 0xb7 || received.context.span_id.bytes[7] != 0x31);
    CHECK("hop", (received.context.baggage_size == 3) == continues);
    rd_kafka_message_destroy(message);
    kafka_stop(&kafka);
}

/* The offset that the group of the example has committed. */
static int64_t committed(const char *brokers) {
    rd_kafka_topic_partition_list_t *partitions = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_t *partition = rd_kafka_topic_partition_list_add(partitions, KAFKA_TOPIC, 0);
    rd_kafka_t *consumer = client(RD_KAFKA_CONSUMER, brokers);
    int64_t offset;
    CHECK("committed", !rd_kafka_committed(consumer, partitions, 10000));
    offset = partition->offset;
    rd_kafka_topic_partition_list_destroy(partitions);
    rd_kafka_destroy(consumer);
    return offset;
}

/* A record whose delivery fails is consumed again: its offset is not committed. */
static void check_offsets(example_main run, rd_kafka_resp_err_t refused, int64_t offset) {
    tracebaton_rdkafka_record_t record = tracebaton_rdkafka_record(KAFKA_TOPIC, "value", 5);
    struct kafka kafka;
    kafka_start(&kafka, NULL);
    CHECK("sent", !tracebaton_rdkafka_produce(kafka.producer, &record, NULL, NULL));
    CHECK("sent", !rd_kafka_flush(kafka.producer, 10000));
    if (refused)
        rd_kafka_mock_push_request_errors(kafka.cluster, 0 /* Produce */, 1, refused);
    CHECK("hop", run_on(&kafka, run) == (refused ? 1 : 0));
    CHECK("offset", committed(rd_kafka_mock_cluster_bootstraps(kafka.cluster)) == offset);
    kafka_stop(&kafka);
}

void check_example(example_main run) {
    static const tracebaton_header_t parent[] = {HEADER("traceparent", PARENT("1")), HEADER("baggage", "k=v")};
    tracebaton_extracted_t extracted;
    tracebaton_injection_t injection;
    CHECK("set-up", tracebaton_headers_extract(parent, COUNT(parent), &extracted) == TRACEBATON_OK);
    CHECK("set-up", tracebaton_injection_prepare(&extracted.context, &injection) == TRACEBATON_OK);
    check_hop(run, &injection, 1);
    check_hop(run, NULL, 0);
    check_offsets(run, RD_KAFKA_RESP_ERR_NO_ERROR, 1);
    check_offsets(run, RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED, RD_KAFKA_OFFSET_INVALID);
    CHECK("usage", run(1, NULL) == 2);
}

static void check_outbox(void) {
    static const tracebaton_header_t parent[] = {HEADER("traceparent", PARENT("1"))};
    rd_kafka_headers_t *headers = rd_kafka_headers_new(4);
    tracebaton_extracted_t stored_by;
    tracebaton_context_t sender, found;
    const tracebaton_trace_id_t trace_id = {{7}};
    const tracebaton_span_id_t span_id = {{7}};
    CHECK("set-up", tracebaton_headers_extract(parent, COUNT(parent), &stored_by) == TRACEBATON_OK);
    CHECK("set-up", tracebaton_context_restart(NULL, &trace_id, &span_id, 0, &sender) == TRACEBATON_OK);
    rd_kafka_header_add(headers, "TraceParent", -1, "stale", 5);

    outbox_store(headers, &stored_by.context);
    CHECK("stored", rd_kafka_header_cnt(headers) == 1);
    CHECK("kept", outbox_send(headers, &sender) == 1);
    CHECK("found", outbox_stored_by(headers, &found) == TRACEBATON_OK);
    CHECK("found", !memcmp(&found.span_id, &stored_by.context.span_id, sizeof(found.span_id)));

    rd_kafka_header_remove(headers, "traceparent");
    CHECK("none", outbox_stored_by(headers, &found) == TRACEBATON_NO_CONTEXT);
    CHECK("sent", outbox_send(headers, &sender) == 0);
    CHECK("found", outbox_stored_by(headers, &found) == TRACEBATON_OK && !memcmp(&found.span_id, &span_id, sizeof(span_id)));
    rd_kafka_header_add(headers, "k", -1, "v", -1);
    CHECK("boundary", outbox_cross_boundary(headers) == TRACEBATON_OK && rd_kafka_header_cnt(headers) == 1);
    rd_kafka_headers_destroy(headers);
}

void example_suite(void) {
    check_example(hop_main);
    check_outbox();
}
