/*
 * A service with one hop: consumes a record from the topic "orders", and produces it to "payments" in the same trace.
 *
 *     cc rdkafka_hop.c $(pkg-config --cflags --libs tracebaton rdkafka) -o rdkafka_hop && ./rdkafka_hop BROKERS
 *
 * or, from the root of the repository after make -C ffi, without installing:
 *
 *     cc -Iinclude ffi/examples/rdkafka_hop.c target/c/libtracebaton.a -lrdkafka -o rdkafka_hop
 */
#include <stdio.h>
#include <stdlib.h>

#include "tracebaton_rdkafka.h"

static rd_kafka_resp_err_t hop(const rd_kafka_message_t *message, rd_kafka_t *producer,
                               const tracebaton_trace_id_t *trace_id, const tracebaton_span_id_t *span_id) {
    const uint8_t flags = TRACEBATON_FLAG_SAMPLED | TRACEBATON_FLAG_RANDOM; // of a new trace
    tracebaton_rdkafka_record_t record;

    if (!message)
        return RD_KAFKA_RESP_ERR__TIMED_OUT;
    if (message->err)
        return message->err; // an error, or an event such as the end of a partition: not a record
    record = tracebaton_rdkafka_record_of("payments", message);
    return tracebaton_rdkafka_produce_child(producer, &record, message, trace_id, span_id, flags, NULL);
}

/* The outcome of the produced record, from its delivery report. */
static rd_kafka_resp_err_t delivery;

static void delivered(rd_kafka_t *rk, const rd_kafka_message_t *message, void *opaque) {
    (void)rk;
    (void)opaque;
    delivery = message->err;
}

static rd_kafka_t *client(rd_kafka_type_t type, const char *brokers) {
    char error[512];
    rd_kafka_t *rk;
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    rd_kafka_conf_set(conf, "bootstrap.servers", brokers, error, sizeof(error));
    if (type == RD_KAFKA_CONSUMER) {
        rd_kafka_conf_set(conf, "group.id", "rdkafka_hop", error, sizeof(error));
        rd_kafka_conf_set(conf, "auto.offset.reset", "earliest", error, sizeof(error));
        rd_kafka_conf_set(conf, "enable.auto.offset.store", "false", error, sizeof(error));
    } else
        rd_kafka_conf_set_dr_msg_cb(conf, delivered);
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
    tracebaton_trace_id_random_t trace_random;
    tracebaton_span_id_random_t span_random;
    tracebaton_trace_id_t trace_id;
    tracebaton_span_id_t span_id;
    FILE *source = fopen("/dev/urandom", "rb");
    rd_kafka_resp_err_t err;
    rd_kafka_t *consumer, *producer;
    rd_kafka_message_t *message;
    if (argc != 2 || !source || fread(&trace_random, sizeof(trace_random), 1, source) != 1 ||
        fread(&span_random, sizeof(span_random), 1, source) != 1) {
        fprintf(stderr, "usage: rdkafka_hop BROKERS\n");
        return 2;
    }
    fclose(source);
    tracebaton_trace_id_generate(&trace_random, &trace_id);
    tracebaton_span_id_generate(&span_random, &span_id); /* a service makes one for every record */

    consumer = client(RD_KAFKA_CONSUMER, argv[1]);
    producer = client(RD_KAFKA_PRODUCER, argv[1]);
    subscribe(consumer, "orders");
    message = rd_kafka_consumer_poll(consumer, 10000);
    err = hop(message, producer, &trace_id, &span_id);
    if (!err)
        err = rd_kafka_flush(producer, 10000); // calls delivered()
    if (!err)
        err = delivery;
    if (!err) // the consumer commits it when it is closed
        err = rd_kafka_offset_store(message->rkt, message->partition, message->offset);
    printf("%s\n", rd_kafka_err2str(err));

    if (message)
        rd_kafka_message_destroy(message);
    rd_kafka_consumer_close(consumer);
    rd_kafka_destroy(consumer);
    rd_kafka_destroy(producer);
    return err ? 1 : 0;
}
