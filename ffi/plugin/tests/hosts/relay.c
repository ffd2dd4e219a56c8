/*
 * A program that cannot be changed: relays COUNT records of each partition of "in" to the same of "out", each partition
 * in a thread of its own, without their headers.
 *
 *     relay BROKERS THREADS COUNT [PROPERTY=VALUE...]
 */
#include "host.h"

#include <pthread.h>

static char **arguments;
static rd_kafka_t *producer;

static rd_kafka_t *client(rd_kafka_type_t type) {
    return client_with(type, arguments[1], "relay", arguments + 4);
}

static void produce(int32_t partition, const rd_kafka_message_t *message) {
    const char *header = getenv("RELAY_HEADER");
    rd_kafka_headers_t *headers = NULL;
    rd_kafka_resp_err_t err;
    if (header) {
        const char *value = strchr(header, '=') + 1;
        headers = rd_kafka_headers_new(1);
        rd_kafka_header_add(headers, header, value - header - 1, value, -1);
        err = rd_kafka_producev(producer, RD_KAFKA_V_TOPIC("out"), RD_KAFKA_V_PARTITION(partition),
                                RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_VALUE(message->payload, message->len),
                                RD_KAFKA_V_HEADERS(headers), RD_KAFKA_V_END);
    } else {
        err = rd_kafka_producev(producer, RD_KAFKA_V_TOPIC("out"), RD_KAFKA_V_PARTITION(partition),
                                RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_VALUE(message->payload, message->len),
                                RD_KAFKA_V_END);
    }
    check(!err, rd_kafka_err2str(err));
}

static void *relay(void *thread) {
    const int32_t partition = *(int32_t *)thread;
    int left = atoi(arguments[3]);
    rd_kafka_t *consumer = client(RD_KAFKA_CONSUMER);
    rd_kafka_topic_partition_list_t *assignment = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(assignment, "in", partition)->offset = 0;
    rd_kafka_assign(consumer, assignment);
    rd_kafka_topic_partition_list_destroy(assignment);
    while (left > 0) {
        rd_kafka_message_t *message = rd_kafka_consumer_poll(consumer, 1000);
        if (message && !message->err) {
            produce(partition, message);
            left--;
        }
        if (message)
            rd_kafka_message_destroy(message);
    }
    rd_kafka_destroy(consumer);
    return NULL;
}

int main(int argc, char **argv) {
    pthread_t threads[16];
    int32_t partitions[16], i;
    check(argc > 3 && atoi(argv[2]) <= 16, "BROKERS THREADS COUNT [PROPERTY=VALUE...]");
    arguments = argv;
    producer = client(RD_KAFKA_PRODUCER);
    for (i = 0; i < atoi(argv[2]); i++) {
        partitions[i] = i;
        check(!pthread_create(&threads[i], NULL, relay, &partitions[i]), "no thread");
    }
    for (i = 0; i < atoi(argv[2]); i++)
        pthread_join(threads[i], NULL);
    check(!rd_kafka_flush(producer, 60000), "not all records were delivered");
    rd_kafka_destroy(producer);
    return 0;
}
