/*
 * A mock cluster, to try the services without Kafka:
 *
 *     mock_cluster TOPIC...
 *
 * prints the address of its broker, which is BROKERS for the services, and runs until a signal. The broker is a part of
 * librdkafka and keeps its records in memory. After SIGUSR1, it refuses the next record that a client produces, so that the
 * client's delivery report has an error.
 */
#include "service.h"

#include <librdkafka/rdkafka_mock.h>

#define PRODUCE 0 /* this kind of request in Kafka's protocol */

static volatile sig_atomic_t refuses;

static void refuse(int signal_number) {
    (void)signal_number;
    refuses = 1;
}

/* Creates a client with a mock cluster of one broker inside. */
static rd_kafka_t *client_with_cluster(void) {
    char error[512];
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    rd_kafka_t *rk;
    if (rd_kafka_conf_set(conf, "test.mock.num.brokers", "1", error, sizeof(error)))
        give_up(error);
    rk = rd_kafka_new(RD_KAFKA_PRODUCER, conf, error, sizeof(error));
    if (!rk)
        give_up(error);
    return rk;
}

int main(int argc, char **argv) {
    rd_kafka_t *rk;
    rd_kafka_mock_cluster_t *cluster;
    int i;
    if (argc < 2) {
        fprintf(stderr, "usage: mock_cluster TOPIC...\n");
        return 2;
    }
    rk = client_with_cluster();
    cluster = rd_kafka_handle_mock_cluster(rk);
    for (i = 1; i < argc; i++)
        if (rd_kafka_mock_topic_create(cluster, argv[i], 1, 1))
            give_up("cannot create a topic");
    signal(SIGINT, stop);
    signal(SIGTERM, stop);
    signal(SIGUSR1, refuse);
    printf("%s\n", rd_kafka_mock_cluster_bootstraps(cluster));
    fflush(stdout);
    while (!stopped) {
        if (refuses)
            rd_kafka_mock_push_request_errors(cluster, PRODUCE, 1, RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE);
        refuses = 0;
        rd_kafka_poll(rk, 100);
    }
    rd_kafka_destroy(rk);
    return 0;
}
