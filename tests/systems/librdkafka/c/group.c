/*
 * A mock cluster for the members of a group, and a check of what they commit.
 *
 * It prints the addresses of its brokers. Then it produces records to the four partitions of "orders", each with its number
 * as the key. The members send them to "payments" or "orders.retry". The check: no committed offset goes backwards, and no
 * record below a committed offset is missing at these topics. Each violation is printed. If the cluster is failing,
 * some deliveries to these topics fail, and others are slow.
 *
 * After its input has ended, it waits up to twenty seconds until everything is committed. Then it prints "all of COUNT records
 * are committed", or "not all".
 */
#define _DEFAULT_SOURCE /* usleep() */

#include "group.h"

#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PARTITIONS 4
#define MOST_RECORDS 100000
#define PRODUCE 0 /* of Kafka's protocol */

static const char *const values[] = {"10", "10", "10", "10", "10", "10", "10", "20"}; /* which c/retry.c pays in this attempt */

static struct {
    int64_t offset; /* -1 before the record is stored */
    int has_arrived;
} records[MOST_RECORDS]; /* the partition of record i is i % PARTITIONS */
static size_t count, arrivals;
static int64_t committed[PARTITIONS], complete[PARTITIONS]; /* below the second, all have arrived */

static void give_up(const char *what) {
    fprintf(stderr, "%s\n", what);
    exit(2);
}

static rd_kafka_t *client(rd_kafka_type_t type, rd_kafka_conf_t *conf, const char *const *options) {
    char error[256];
    rd_kafka_t *rk;
    for (; options[0]; options += 2)
        if (rd_kafka_conf_set(conf, options[0], options[1], error, sizeof(error)))
            give_up(error);
    rk = rd_kafka_new(type, conf, error, sizeof(error));
    if (!rk)
        give_up(error);
    return rk;
}

static void is_stored(rd_kafka_t *rk, const rd_kafka_message_t *message, void *opaque) {
    (void)rk;
    (void)opaque;
    if (message->err)
        give_up("an order is not stored");
    records[(size_t)message->_private].offset = message->offset;
}

static void produce_one(rd_kafka_t *producer) {
    char key[16];
    const char *value = values[count / PARTITIONS % (sizeof(values) / sizeof(values[0]))];
    snprintf(key, sizeof(key), "%lu", (unsigned long)count);
    if (count == MOST_RECORDS)
        give_up("too many orders");
    records[count].offset = -1;
    if (rd_kafka_producev(producer, RD_KAFKA_V_TOPIC("orders"), RD_KAFKA_V_PARTITION((int32_t)(count % PARTITIONS)),
                          RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_KEY(key, strlen(key)),
                          RD_KAFKA_V_VALUE((void *)(uintptr_t)value, 2), RD_KAFKA_V_OPAQUE((void *)count), RD_KAFKA_V_END))
        give_up("not produced");
    count++;
}

static void arrive(const rd_kafka_message_t *message) {
    char key[16] = "";
    size_t number;
    if (message->key_len >= sizeof(key))
        give_up("a key that nobody sent");
    memcpy(key, message->key, message->key_len);
    number = strtoul(key, NULL, 10);
    arrivals++;
    records[number].has_arrived = 1;
}

/* Consumes everything that is at the topics now. */
static void read_arrivals(rd_kafka_t *consumer) {
    static const char *const topics[] = {"payments", "orders.retry"};
    static int64_t positions[2];
    int64_t low, ends[2];
    int i;
    for (i = 0; i < 2; i++)
        if (rd_kafka_query_watermark_offsets(consumer, topics[i], 0, &low, &ends[i], 5000))
            give_up("no watermarks");
    while (positions[0] < ends[0] || positions[1] < ends[1]) {
        rd_kafka_message_t *message = rd_kafka_consumer_poll(consumer, 10);
        if (message && !message->err) {
            positions[strcmp(rd_kafka_topic_name(message->rkt), topics[0]) ? 1 : 0] = message->offset + 1;
            arrive(message);
        }
        if (message)
            rd_kafka_message_destroy(message);
    }
}

static void check_commits(rd_kafka_t *consumer) {
    rd_kafka_topic_partition_list_t *offsets = rd_kafka_topic_partition_list_new(PARTITIONS);
    int32_t i;
    rd_kafka_topic_partition_list_add_range(offsets, "orders", 0, PARTITIONS - 1);
    if (rd_kafka_committed(consumer, offsets, 5000))
        give_up("no committed offsets");
    read_arrivals(consumer);
    for (i = 0; i < PARTITIONS; i++) {
        const int64_t offset = offsets->elems[i].offset < 0 ? 0 : offsets->elems[i].offset;
        size_t number = (size_t)(complete[i] * PARTITIONS + i);
        while (number < count && records[number].has_arrived)
            number += PARTITIONS;
        complete[i] = (int64_t)number / PARTITIONS;
        if (offset < committed[i])
            printf("the offset of partition %d goes backwards, from %ld to %ld\n", (int)i, (long)committed[i], (long)offset);
        if (offset > complete[i])
            printf("the record at %ld of partition %d is lost: %ld is committed\n", (long)complete[i], (int)i, (long)offset);
        committed[i] = offset;
    }
    fflush(stdout);
    rd_kafka_topic_partition_list_destroy(offsets);
}

static int has_input_ended(void) {
    struct pollfd input = {STDIN_FILENO, POLLIN, 0};
    return poll(&input, 1, 0) != 0;
}

static int is_all_committed(void) {
    int64_t sum = 0;
    int i;
    for (i = 0; i < PARTITIONS; i++)
        sum += committed[i];
    return sum == (int64_t)count;
}

static rd_kafka_t *start_consumer(const char *brokers, const char *group) {
    const char *const options[] = {"bootstrap.servers", brokers, "group.id", group, "enable.auto.commit", "false",
                                   "fetch.wait.max.ms", "5", NULL};
    rd_kafka_topic_partition_list_t *partitions = rd_kafka_topic_partition_list_new(2);
    rd_kafka_t *consumer = client(RD_KAFKA_CONSUMER, rd_kafka_conf_new(), options);
    rd_kafka_poll_set_consumer(consumer);
    rd_kafka_topic_partition_list_add(partitions, "payments", 0)->offset = 0;
    rd_kafka_topic_partition_list_add(partitions, "orders.retry", 0)->offset = 0;
    rd_kafka_assign(consumer, partitions);
    rd_kafka_topic_partition_list_destroy(partitions);
    return consumer;
}

/* Broker 1 has the orders, and broker 2 what the members send. */
static rd_kafka_mock_cluster_t *start_cluster(rd_kafka_t *producer) {
    rd_kafka_mock_cluster_t *cluster = rd_kafka_handle_mock_cluster(producer);
    int32_t i;
#if RD_KAFKA_VERSION >= 0x02080000 /* before, the first member waits three seconds */
    rd_kafka_mock_group_initial_rebalance_delay_ms(cluster, 0);
#endif
    rd_kafka_mock_topic_create(cluster, "orders", PARTITIONS, 1);
    rd_kafka_mock_topic_create(cluster, "payments", 1, 1);
    rd_kafka_mock_topic_create(cluster, "orders.retry", 1, 1);
    for (i = 0; i < PARTITIONS; i++)
        rd_kafka_mock_partition_set_leader(cluster, "orders", i, 1);
    rd_kafka_mock_partition_set_leader(cluster, "payments", 0, 2);
    rd_kafka_mock_partition_set_leader(cluster, "orders.retry", 0, 2);
    return cluster;
}

/*
 * The next produce request to broker 2 fails, and the one after it is slow. While nobody produces, failures do not add up:
 * the members end if they cannot deliver a record three times.
 */
static void fail_one(rd_kafka_mock_cluster_t *cluster) {
    size_t left = 0; /* stays so before the first push */
    if (!rd_kafka_mock_broker_error_stack_cnt(cluster, 2, PRODUCE, &left) && left == 0)
        rd_kafka_mock_broker_push_request_error_rtts(cluster, 2, PRODUCE, 3, RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE, 50,
                                                     RD_KAFKA_RESP_ERR_NO_ERROR, 800, RD_KAFKA_RESP_ERR_NO_ERROR, 0);
}

int run_group(const char *group, int is_failing) {
    static const char *const options[] = {"test.mock.num.brokers", "2", "linger.ms", "0", NULL};
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    rd_kafka_mock_cluster_t *cluster;
    rd_kafka_t *producer, *consumer;
    int rounds, left = 200; /* rounds of a tenth of a second, after the input has ended */
    rd_kafka_conf_set_dr_msg_cb(conf, is_stored);
    producer = client(RD_KAFKA_PRODUCER, conf, options);
    cluster = start_cluster(producer);
    consumer = start_consumer(rd_kafka_mock_cluster_bootstraps(cluster), group);
    printf("%s\n", rd_kafka_mock_cluster_bootstraps(cluster));
    fflush(stdout);
    for (rounds = 0; !has_input_ended(); rounds++) {
        produce_one(producer);
        usleep(10000);
        rd_kafka_poll(producer, 0);
        if (is_failing && rounds % 300 == 299)
            fail_one(cluster);
        if (rounds % 10 == 0)
            check_commits(consumer);
    }
    rd_kafka_flush(producer, 10000);
    for (; left > 0 && !is_all_committed(); left--) {
        usleep(100000);
        check_commits(consumer);
    }
    printf("%s of %lu records are committed, and %lu arrived\n", left > 0 ? "all" : "not all", (unsigned long)count,
           (unsigned long)arrivals);
    rd_kafka_consumer_close(consumer);
    rd_kafka_destroy(consumer);
    rd_kafka_destroy(producer);
    return 0;
}
