/*
 * A mock cluster with share groups, and the topics "orders" and "payments" of one partition each: share_cluster COUNT. Produces
 * COUNT records to "orders", each with its own number in value and context, but for every fifth, which has no context.
 * Prints the brokers, and serves until its standard input ends.
 */
#include "share.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void check(int holds, const char *error) {
    if (holds)
        return;
    fprintf(stderr, "share_cluster: %s\n", error);
    exit(1);
}

static void produce(rd_kafka_t *rk, unsigned number) {
    rd_kafka_headers_t *headers = rd_kafka_headers_new(3);
    char value[16], traceparent[64], tracestate[64], baggage[64];
    rd_kafka_resp_err_t err;
    snprintf(value, sizeof(value), "%u", number);
    snprintf(traceparent, sizeof(traceparent), "00-0af7651916cd43dd8448eb21%08x-b7ad6b7169203331-01", number);
    snprintf(tracestate, sizeof(tracestate), "vendor=n%u, other=1", number);
    snprintf(baggage, sizeof(baggage), "number=%u;property", number);
    if (number % 5 < 4) {
        rd_kafka_header_add(headers, "traceparent", -1, traceparent, -1);
        rd_kafka_header_add(headers, "tracestate", -1, tracestate, -1);
        rd_kafka_header_add(headers, "baggage", -1, baggage, -1);
    }
    err = rd_kafka_producev(rk, RD_KAFKA_V_TOPIC("orders"), RD_KAFKA_V_PARTITION(0), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
                            RD_KAFKA_V_VALUE(value, strlen(value)), RD_KAFKA_V_HEADERS(headers), RD_KAFKA_V_END);
    check(!err, rd_kafka_err2str(err));
}

int main(int argc, char **argv) {
    char error[512];
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    rd_kafka_mock_cluster_t *cluster;
    rd_kafka_t *rk;
    unsigned number;
    check(argc == 2, "COUNT");
    rd_kafka_conf_set(conf, "test.mock.num.brokers", "1", error, sizeof(error));
    rk = rd_kafka_new(RD_KAFKA_PRODUCER, conf, error, sizeof(error));
    check(rk != NULL, error);
    cluster = rd_kafka_handle_mock_cluster(rk);
    rd_kafka_mock_topic_create(cluster, "orders", 1, 1);
    rd_kafka_mock_topic_create(cluster, "payments", 1, 1);
    rd_kafka_mock_sharegroup_set_auto_offset_reset(cluster, 1);
    for (number = 0; number < (unsigned)atoi(argv[1]); number++)
        produce(rk, number);
    check(!rd_kafka_flush(rk, 60000), "not all records were delivered");
    puts(rd_kafka_mock_cluster_bootstraps(cluster));
    fflush(stdout);
    while (getchar() != EOF)
        continue;
    rd_kafka_destroy(rk);
    return 0;
}
