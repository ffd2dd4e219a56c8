#include "kafka.h"

#include <stdio.h>
#include <stdlib.h>

static void give_up(const char *what) {
    fprintf(stderr, "%s\n", what);
    exit(2);
}

static void set(rd_kafka_conf_t *conf, const char *name, const char *value) {
    char error[256];
    if (rd_kafka_conf_set(conf, name, value, error, sizeof(error)) != RD_KAFKA_CONF_OK)
        give_up(error);
}

static rd_kafka_t *client(rd_kafka_type_t type, rd_kafka_conf_t *conf) {
    char error[256];
    rd_kafka_t *rk = rd_kafka_new(type, conf, error, sizeof(error));
    if (!rk)
        give_up(error);
    return rk;
}

static void delivery_report(rd_kafka_t *rk, const rd_kafka_message_t *message, void *opaque) {
    struct kafka *kafka = (struct kafka *)opaque;
    (void)rk;
    if (message->err)
        kafka->undelivered++;
    else
        kafka->delivered++;
}

static void start_producer(struct kafka *kafka, const char *const *options) {
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    set(conf, "test.mock.num.brokers", "1");
    set(conf, "linger.ms", "0");
    for (; options && options[0]; options += 2)
        set(conf, options[0], options[1]);
    rd_kafka_conf_set_opaque(conf, kafka);
    rd_kafka_conf_set_dr_msg_cb(conf, delivery_report);
    kafka->producer = client(RD_KAFKA_PRODUCER, conf);
    kafka->cluster = rd_kafka_handle_mock_cluster(kafka->producer);
    if (rd_kafka_mock_topic_create(kafka->cluster, KAFKA_TOPIC, 1, 1) ||
        rd_kafka_mock_topic_create(kafka->cluster, KAFKA_NEXT_TOPIC, 1, 1))
        give_up("no topic");
}

static void start_consumer(struct kafka *kafka) {
    rd_kafka_topic_partition_list_t *partitions = rd_kafka_topic_partition_list_new(2);
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    set(conf, "bootstrap.servers", rd_kafka_mock_cluster_bootstraps(kafka->cluster));
    set(conf, "group.id", "never joined");
    set(conf, "fetch.wait.max.ms", "5");
    set(conf, "enable.partition.eof", "true");
    kafka->consumer = client(RD_KAFKA_CONSUMER, conf);
    rd_kafka_poll_set_consumer(kafka->consumer);
    rd_kafka_topic_partition_list_add(partitions, KAFKA_TOPIC, 0)->offset = 0;
    rd_kafka_topic_partition_list_add(partitions, KAFKA_NEXT_TOPIC, 0)->offset = 0;
    if (rd_kafka_assign(kafka->consumer, partitions))
        give_up("no assignment");
    rd_kafka_topic_partition_list_destroy(partitions);
}

void kafka_start(struct kafka *kafka, const char *const *options) {
    kafka->delivered = kafka->undelivered = 0;
    start_producer(kafka, options);
    start_consumer(kafka);
}

void kafka_stop(struct kafka *kafka) {
    rd_kafka_flush(kafka->producer, 10000);
    rd_kafka_consumer_close(kafka->consumer);
    rd_kafka_destroy(kafka->consumer);
    rd_kafka_destroy(kafka->producer);
}

rd_kafka_message_t *kafka_consume(struct kafka *kafka) {
    int waits;
    for (waits = 0; waits < 600; waits++) {
        rd_kafka_message_t *message = rd_kafka_consumer_poll(kafka->consumer, 100);
        rd_kafka_poll(kafka->producer, 0);
        if (message && !message->err)
            return message;
        if (message)
            rd_kafka_message_destroy(message);
    }
    give_up("no record");
    return NULL;
}

rd_kafka_message_t *kafka_round_trip_of(struct kafka *kafka, rd_kafka_headers_t *headers, void *value, size_t size) {
    /* A record may arrive before its delivery report, and is in the queue until then. */
    rd_kafka_flush(kafka->producer, 10000);
    if (rd_kafka_producev(kafka->producer, RD_KAFKA_V_TOPIC(KAFKA_TOPIC), RD_KAFKA_V_PARTITION(0),
                          RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_VALUE(size ? value : NULL, size),
                          RD_KAFKA_V_HEADERS(headers), RD_KAFKA_V_END))
        give_up("not produced");
    return kafka_consume(kafka);
}

rd_kafka_message_t *kafka_round_trip(struct kafka *kafka, rd_kafka_headers_t *headers) {
    return kafka_round_trip_of(kafka, headers, NULL, 0);
}
