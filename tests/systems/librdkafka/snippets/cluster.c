/*
 * A mock cluster for an example program:
 *
 *     cluster INPUT OUTPUT...
 *
 * It prints the addresses of its brokers. Then it produces four records to the topic INPUT, or none if INPUT is "-".
 * Until its input ends, it prints each record of the topics OUTPUT as "TOPIC VALUE TRACEPARENT OTHERS", with "-" for a missing
 * value. OTHERS are the names of the other headers, each after a comma.
 */
#include "kafka.h"
#include "lists.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static const struct {
    const char *value;
    tracebaton_header_t headers[MOST_HEADERS];
} inputs[] = {
    {"10",
     {HEADER("k", "v"), HEADER("b3", "44444444444444444444444444444444-4444444444444444-1"), HEADER("attempts", "z"),
      HEADER("traceparent", PARENT("1"))}},
    {"20", {{NULL, 0, NULL, 0}}},
    {"30", {HEADER("traceparent", "00-x")}},
    {"37", {HEADER("attempts", "2"), HEADER("traceparent", PARENT("2"))}},
};

static void send_inputs(rd_kafka_t *producer, const char *topic) {
    size_t i;
    for (i = 0; i < sizeof(inputs) / sizeof(inputs[0]); i++)
        if (rd_kafka_producev(producer, RD_KAFKA_V_TOPIC(topic), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
                              RD_KAFKA_V_VALUE((void *)(uintptr_t)inputs[i].value, strlen(inputs[i].value)),
                              RD_KAFKA_V_HEADERS(list_new(inputs[i].headers, list_count(inputs[i].headers))), RD_KAFKA_V_END))
            exit(2);
    rd_kafka_flush(producer, 10000);
}

static void print(const rd_kafka_message_t *message) {
    rd_kafka_headers_t *headers = NULL;
    const void *parent = "-", *value;
    const char *name;
    size_t size = 1, count = 0, index;
    if (!rd_kafka_message_headers(message, &headers)) {
        count = list_occurrences(headers, "traceparent");
        rd_kafka_header_get_last(headers, "traceparent", &parent, &size);
    }
    printf("%s\t%.*s\t%.*s%s\t", rd_kafka_topic_name(message->rkt), (int)message->len,
           message->payload ? (const char *)message->payload : "-", (int)size, (const char *)parent, count > 1 ? " and more" : "");
    for (index = 0; headers && !rd_kafka_header_get_all(headers, index, &name, &value, &size); index++)
        if (strcmp(name, "traceparent"))
            printf(",%s", name);
    printf("\n");
    fflush(stdout);
}

static int has_input_ended(void) {
    struct pollfd input = {STDIN_FILENO, POLLIN, 0};
    return poll(&input, 1, 0) != 0;
}

int main(int argc, char **argv) {
    rd_kafka_topic_partition_list_t *partitions = rd_kafka_topic_partition_list_new(argc);
    struct kafka kafka;
    int i;
    kafka_start(&kafka, NULL);
    for (i = 1; i < argc; i++)
        if (strcmp(argv[i], "-"))
            rd_kafka_mock_topic_create(kafka.cluster, argv[i], 1, 1);
    if (strcmp(argv[1], "-"))
        send_inputs(kafka.producer, argv[1]);
    printf("%s\n", rd_kafka_mock_cluster_bootstraps(kafka.cluster));
    fflush(stdout);
    for (i = 2; i < argc; i++)
        rd_kafka_topic_partition_list_add(partitions, argv[i], 0)->offset = 0;
    rd_kafka_assign(kafka.consumer, partitions);
    rd_kafka_topic_partition_list_destroy(partitions);
    while (!has_input_ended()) {
        rd_kafka_message_t *message = rd_kafka_consumer_poll(kafka.consumer, 10);
        if (message && !message->err)
            print(message);
        if (message)
            rd_kafka_message_destroy(message);
    }
    kafka_stop(&kafka);
    return 0;
}
