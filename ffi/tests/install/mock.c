/* librdkafka's mock cluster for programs beside this one: mock TOPIC... prints its address and runs until its input ends. */
#include <stdio.h>

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

int main(int argc, char **argv) {
    char error[512];
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    rd_kafka_t *rk;
    rd_kafka_mock_cluster_t *cluster;
    int i;
    if (rd_kafka_conf_set(conf, "test.mock.num.brokers", "1", error, sizeof(error)) ||
        !(rk = rd_kafka_new(RD_KAFKA_PRODUCER, conf, error, sizeof(error)))) {
        fprintf(stderr, "%s\n", error);
        return 1;
    }
    cluster = rd_kafka_handle_mock_cluster(rk);
    for (i = 1; i < argc; i++)
        if (rd_kafka_mock_topic_create(cluster, argv[i], 1, 1))
            return 1;
    printf("%s\n", rd_kafka_mock_cluster_bootstraps(cluster));
    fflush(stdout);
    while (getchar() != EOF) {
    }
    rd_kafka_destroy(rk);
    return 0;
}
