/*
 * A worker in a share group: consumes records from the topic "orders", and produces each to "payments" in its own trace.
 *
 *     cc rdkafka_share_group.c $(pkg-config --cflags --libs tracebaton rdkafka) -o rdkafka_share_group
 *     ./rdkafka_share_group BROKERS COUNT
 *
 * Needs librdkafka 2.15 or newer, and a cluster with share groups. A share consumer returns batches; each message has the
 * context of its own record. If a worker fails, its records are delivered again, with the same parents.
 */
#include <stdio.h>
#include <stdlib.h>

#include "tracebaton_rdkafka.h"

static size_t undelivered;

static void on_delivery(rd_kafka_t *producer, const rd_kafka_message_t *message, void *opaque) {
    (void)producer;
    (void)opaque;
    undelivered += message->err != RD_KAFKA_RESP_ERR_NO_ERROR;
}

static rd_kafka_resp_err_t hop(const rd_kafka_message_t *message, rd_kafka_t *producer, FILE *source) {
    const uint8_t flags = TRACEBATON_FLAG_SAMPLED | TRACEBATON_FLAG_RANDOM;
    tracebaton_rdkafka_record_t record = tracebaton_rdkafka_record_of("payments", message);
    tracebaton_trace_id_random_t trace_random;
    tracebaton_span_id_random_t span_random;
    tracebaton_trace_id_t trace_id;
    tracebaton_span_id_t span_id;
    tracebaton_context_t received, span;
    tracebaton_injection_t injection;

    if (fread(&trace_random, sizeof(trace_random), 1, source) != 1 ||
        fread(&span_random, sizeof(span_random), 1, source) != 1)
        return RD_KAFKA_RESP_ERR__FAIL;
    tracebaton_trace_id_generate(&trace_random, &trace_id);
    tracebaton_span_id_generate(&span_random, &span_id);
    tracebaton_rdkafka_context(message, &received);
    tracebaton_context_child_or_root(&received, &trace_id, &span_id, flags, &span);
    tracebaton_injection_prepare(&span, &injection);
    return tracebaton_rdkafka_produce(producer, &record, &injection, NULL);
}

static rd_kafka_conf_t *configuration(const char *brokers) {
    char error[512];
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    rd_kafka_conf_set(conf, "bootstrap.servers", brokers, error, sizeof(error));
    return conf;
}

static rd_kafka_share_t *share_consumer(const char *brokers, char *error, size_t error_size) {
    rd_kafka_topic_partition_list_t *topics = rd_kafka_topic_partition_list_new(1);
    rd_kafka_conf_t *conf = configuration(brokers);
    rd_kafka_share_t *consumer;
    rd_kafka_conf_set(conf, "group.id", "rdkafka_share_group", error, error_size);
    rd_kafka_conf_set(conf, "share.acknowledgement.mode", "explicit", error, error_size);
    consumer = rd_kafka_share_consumer_new(conf, error, error_size);
    if (consumer) {
        rd_kafka_topic_partition_list_add(topics, "orders", RD_KAFKA_PARTITION_UA);
        rd_kafka_share_subscribe(consumer, topics);
    } else {
        rd_kafka_conf_destroy(conf);
    }
    rd_kafka_topic_partition_list_destroy(topics);
    return consumer;
}

/* Relays one batch and acknowledges it. Records that did not reach the broker are delivered again. */
static size_t relay(rd_kafka_share_t *consumer, rd_kafka_t *producer, FILE *source) {
    rd_kafka_messages_t *batch = NULL;
    rd_kafka_error_t *error = rd_kafka_share_poll(consumer, 1000, &batch);
    const size_t count = rd_kafka_messages_count(batch);
    size_t i, relayed = 0;
    rd_kafka_resp_err_t err = RD_KAFKA_RESP_ERR_NO_ERROR;
    undelivered = 0;
    if (error)
        fprintf(stderr, "%s\n", rd_kafka_error_string(error));
    rd_kafka_error_destroy(error);
    for (i = 0; i < count && !err; i++)
        if (!rd_kafka_messages_get(batch, i)->err)
            err = hop(rd_kafka_messages_get(batch, i), producer, source);
    if (!err)
        err = rd_kafka_flush(producer, 10000);
    if (!err && undelivered > 0)
        err = RD_KAFKA_RESP_ERR__FAIL;
    for (i = 0; i < count; i++) {
        const rd_kafka_message_t *message = rd_kafka_messages_get(batch, i);
        if (message->err) /* librdkafka has acknowledged it. */
            continue;
        rd_kafka_share_acknowledge_type(
            consumer, message, err ? RD_KAFKA_SHARE_ACKNOWLEDGE_TYPE_RELEASE : RD_KAFKA_SHARE_ACKNOWLEDGE_TYPE_ACCEPT);
        relayed += !err;
    }
    rd_kafka_messages_destroy(batch);
    return relayed;
}

int main(int argc, char **argv) {
    FILE *source = fopen("/dev/urandom", "rb");
    char error[512];
    rd_kafka_conf_t *conf;
    rd_kafka_share_t *consumer;
    rd_kafka_t *producer;
    size_t left;
    if (argc != 3 || !source) {
        fprintf(stderr, "usage: rdkafka_share_group BROKERS COUNT\n");
        return 2;
    }
    conf = configuration(argv[1]);
    rd_kafka_conf_set_dr_msg_cb(conf, on_delivery);
    producer = rd_kafka_new(RD_KAFKA_PRODUCER, conf, error, sizeof(error));
    consumer = share_consumer(argv[1], error, sizeof(error));
    if (!producer || !consumer) {
        fprintf(stderr, "%s\n", error);
        return 1;
    }
    for (left = (size_t)atoi(argv[2]); left > 0;) {
        const size_t relayed = relay(consumer, producer, source);
        left -= relayed < left ? relayed : left;
    }
    rd_kafka_error_destroy(rd_kafka_share_consumer_close(consumer));
    rd_kafka_error_destroy(rd_kafka_share_destroy(consumer));
    rd_kafka_destroy(producer);
    fclose(source);
    printf("relayed %s records\n", argv[2]);
    return 0;
}
