#include "kafka.h"

#include <librdkafka/rdkafka_mock.h>
#include <stdio.h>
#include <stdlib.h>

#include "carriers.h"

void give_up(const char *what, const char *why) {
    fprintf(stderr, "%s: %s\n", what, why);
    exit(2);
}

static void log_nothing(const rd_kafka_t *rk, int level, const char *facility, const char *text) {
    (void)rk, (void)level, (void)facility, (void)text;
}

static rd_kafka_t *client(rd_kafka_type_t type, const char *const options[][2]) {
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    char error[256];
    rd_kafka_t *rk;
    rd_kafka_conf_set_log_cb(conf, log_nothing);
    for (; (*options)[0]; options++)
        if (rd_kafka_conf_set(conf, (*options)[0], (*options)[1], error, sizeof(error)) != RD_KAFKA_CONF_OK)
            give_up((*options)[0], error);
    rk = rd_kafka_new(type, conf, error, sizeof(error));
    if (!rk)
        give_up("no client", error);
    return rk;
}

rd_kafka_t *kafka_broker(char *address, size_t size) {
    static const char *const options[][2] = {{"test.mock.num.brokers", "1"}, {NULL, NULL}};
    rd_kafka_t *rk = client(RD_KAFKA_PRODUCER, options);
    rd_kafka_mock_cluster_t *cluster = rd_kafka_handle_mock_cluster(rk);
    if (!cluster || rd_kafka_mock_topic_create(cluster, TOPIC, 1, 1))
        give_up("no cluster", "librdkafka did not create one");
    snprintf(address, size, "%s", rd_kafka_mock_cluster_bootstraps(cluster));
    return rk;
}

rd_kafka_t *kafka_producer(const char *address) {
    const char *const options[][2] = {{"bootstrap.servers", address}, {"linger.ms", "5"}, {NULL, NULL}};
    return client(RD_KAFKA_PRODUCER, options);
}

rd_kafka_t *kafka_consumer(const char *address) {
    const char *const options[][2] = {{"bootstrap.servers", address},
                                      {"group.id", "never joined"},
                                      {"fetch.wait.max.ms", "5"},
                                      {"auto.offset.reset", "error"},
                                      {"enable.auto.commit", "false"},
                                      {NULL, NULL}};
    rd_kafka_t *rk = client(RD_KAFKA_CONSUMER, options);
    rd_kafka_topic_partition_list_t *partitions = rd_kafka_topic_partition_list_new(1);
    rd_kafka_poll_set_consumer(rk);
    rd_kafka_topic_partition_list_add(partitions, TOPIC, 0)->offset = 0;
    if (rd_kafka_assign(rk, partitions))
        give_up("no assignment", "librdkafka refused it");
    rd_kafka_topic_partition_list_destroy(partitions);
    return rk;
}
