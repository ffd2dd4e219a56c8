/*
 * A service of one hop: takes a record from the topic "orders", and sends it on to "payments" in the same trace.
 *
 *     cc -Iinclude ffi/examples/rdkafka_hop.c libtracebaton.a -lrdkafka -o rdkafka_hop && ./rdkafka_hop BROKERS
 */
#include <stdio.h>
#include <stdlib.h>

#include "tracebaton_rdkafka.h"

static rd_kafka_resp_err_t hop(const rd_kafka_message_t *message, rd_kafka_t *producer, const uint8_t random[24]) {
    tracebaton_extracted_t received;
    tracebaton_context_t sent = {0};
    tracebaton_injection_t injection = {0};
    tracebaton_rdkafka_record_t record = tracebaton_rdkafka_record_of("payments", message);

    tracebaton_rdkafka_extract(message, &received);
    if (tracebaton_child(&received.context, random, &sent) == TRACEBATON_NO_CONTEXT)
        tracebaton_restart(&received.context, random + 8, random, TRACEBATON_FLAG_SAMPLED | TRACEBATON_FLAG_RANDOM, &sent);
    tracebaton_injection(&sent, &injection);
    return tracebaton_rdkafka_produce(producer, &record, &injection, NULL);
}

static rd_kafka_t *client(rd_kafka_type_t type, const char *brokers) {
    char error[512];
    rd_kafka_t *rk;
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    rd_kafka_conf_set(conf, "bootstrap.servers", brokers, error, sizeof(error));
    rd_kafka_conf_set(conf, "group.id", "rdkafka_hop", error, sizeof(error));
    rd_kafka_conf_set(conf, "auto.offset.reset", "earliest", error, sizeof(error));
    rk = rd_kafka_new(type, conf, error, sizeof(error));
    if (!rk) {
        fprintf(stderr, "%s\n", error);
        exit(1);
    }
    return rk;
}

static void subscribe(rd_kafka_t *consumer, const char *topic) {
    rd_kafka_topic_partition_list_t *topics = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(topics, topic, RD_KAFKA_PARTITION_UA);
    rd_kafka_subscribe(consumer, topics);
    rd_kafka_topic_partition_list_destroy(topics);
}

int main(int argc, char **argv) {
    uint8_t random[24];
    FILE *source = fopen("/dev/urandom", "rb");
    rd_kafka_resp_err_t err = RD_KAFKA_RESP_ERR__TIMED_OUT;
    rd_kafka_t *consumer, *producer;
    rd_kafka_message_t *message;
    if (argc != 2 || !source || fread(random, sizeof(random), 1, source) != 1) {
        fprintf(stderr, "usage: rdkafka_hop BROKERS\n");
        return 2;
    }
    fclose(source);

    consumer = client(RD_KAFKA_CONSUMER, argv[1]);
    producer = client(RD_KAFKA_PRODUCER, argv[1]);
    subscribe(consumer, "orders");
    message = rd_kafka_consumer_poll(consumer, 10000);
    if (message)
        err = message->err ? message->err : hop(message, producer, random);
    if (!err)
        err = rd_kafka_flush(producer, 10000);
    printf("%s\n", rd_kafka_err2str(err));

    if (message)
        rd_kafka_message_destroy(message);
    rd_kafka_consumer_close(consumer);
    rd_kafka_destroy(consumer);
    rd_kafka_destroy(producer);
    return err ? 1 : 0;
}
