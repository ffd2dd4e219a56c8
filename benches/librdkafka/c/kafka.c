#include "kafka.h"

#include <librdkafka/rdkafka_mock.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "carriers.h"

void give_up(const char *what, const char *why) {
    fprintf(stderr, "%s: %s\n", what, why);
    exit(2);
}

static void log_nothing(const rd_kafka_t *rk, int level, const char *facility, const char *text) {
    (void)rk, (void)level, (void)facility, (void)text;
}

/* The bytes that were sent are the member tx_bytes of librdkafka's statistics. */
static int read_statistics(rd_kafka_t *rk, char *json, size_t size, void *wire_bytes) {
    const char *sent = strstr(json, "\"tx_bytes\":");
    (void)rk, (void)size;
    if (sent && wire_bytes)
        *(uint64_t *)wire_bytes = strtoull(sent + strlen("\"tx_bytes\":"), NULL, 10);
    return 0;
}

static rd_kafka_t *client(rd_kafka_type_t type, const char *const options[][2], void *opaque) {
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    char error[256];
    rd_kafka_t *rk;
    rd_kafka_conf_set_log_cb(conf, log_nothing);
    rd_kafka_conf_set_stats_cb(conf, read_statistics);
    rd_kafka_conf_set_opaque(conf, opaque);
    for (; (*options)[0]; options++)
        if (rd_kafka_conf_set(conf, (*options)[0], (*options)[1], error, sizeof(error)) != RD_KAFKA_CONF_OK)
            give_up((*options)[0], error);
    rk = rd_kafka_new(type, conf, error, sizeof(error));
    if (!rk)
        give_up("no client", error);
    return rk;
}

rd_kafka_t *kafka_broker(int partitions, char *address, size_t size) {
    static const char *const options[][2] = {{"test.mock.num.brokers", "1"}, {NULL, NULL}};
    rd_kafka_t *rk = client(RD_KAFKA_PRODUCER, options, NULL);
    rd_kafka_mock_cluster_t *cluster = rd_kafka_handle_mock_cluster(rk);
    if (!cluster || rd_kafka_mock_topic_create(cluster, TOPIC, partitions, 1))
        give_up("no cluster", "librdkafka did not create one");
    snprintf(address, size, "%s", rd_kafka_mock_cluster_bootstraps(cluster));
    return rk;
}

void kafka_create_topic(const char *address, const char *topic, int partitions) {
    const char *const options[][2] = {{"bootstrap.servers", address}, {NULL, NULL}};
    rd_kafka_t *rk = client(RD_KAFKA_PRODUCER, options, NULL);
    rd_kafka_queue_t *queue = rd_kafka_queue_new(rk);
    char error[256] = "";
    rd_kafka_NewTopic_t *created = rd_kafka_NewTopic_new(topic, partitions, 1, error, sizeof(error));
    rd_kafka_event_t *event;
    const rd_kafka_topic_result_t *const *results;
    size_t count = 0;
    if (!created)
        give_up(topic, error);
    rd_kafka_CreateTopics(rk, &created, 1, NULL, queue);
    event = rd_kafka_queue_poll(queue, 30000);
    if (!event || rd_kafka_event_error(event))
        give_up("no topic", event ? rd_kafka_event_error_string(event) : "the broker did not answer");
    results = rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(event), &count);
    if (count != 1 || rd_kafka_topic_result_error(results[0]))
        give_up("no topic", count == 1 ? rd_kafka_topic_result_error_string(results[0]) : "no result");
    rd_kafka_event_destroy(event);
    rd_kafka_NewTopic_destroy(created);
    rd_kafka_queue_destroy(queue);
    rd_kafka_destroy(rk);
}

int kafka_has_compression(const char *compression) {
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    const rd_kafka_conf_res_t set = rd_kafka_conf_set(conf, "compression.type", compression, NULL, 0);
    rd_kafka_conf_destroy(conf);
    return set == RD_KAFKA_CONF_OK;
}

rd_kafka_t *kafka_producer(const char *address, const char *compression, uint64_t *wire_bytes) {
    const char *const options[][2] = {{"bootstrap.servers", address},
                                      {"linger.ms", "5"},
                                      {"compression.type", compression},
                                      {"statistics.interval.ms", wire_bytes ? "500" : "0"},
                                      {NULL, NULL}};
    return client(RD_KAFKA_PRODUCER, options, wire_bytes);
}

rd_kafka_t *kafka_consumer(const char *address, const char *topic, int32_t partition) {
    const char *const options[][2] = {{"bootstrap.servers", address},
                                      {"group.id", "never joined"},
                                      {"fetch.wait.max.ms", "5"},
                                      {"auto.offset.reset", "error"},
                                      {"enable.auto.commit", "false"},
                                      {NULL, NULL}};
    rd_kafka_t *rk = client(RD_KAFKA_CONSUMER, options, NULL);
    rd_kafka_topic_partition_list_t *partitions = rd_kafka_topic_partition_list_new(1);
    rd_kafka_poll_set_consumer(rk);
    rd_kafka_topic_partition_list_add(partitions, topic, partition)->offset = 0;
    if (rd_kafka_assign(rk, partitions))
        give_up("no assignment", "librdkafka refused it");
    rd_kafka_topic_partition_list_destroy(partitions);
    return rk;
}
