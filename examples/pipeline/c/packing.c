#define _DEFAULT_SOURCE
#define _DARWIN_C_SOURCE

#include "packing.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

#include <tracebaton_rdkafka.h>

struct packing {
    rd_kafka_t *consumer;
    rd_kafka_t *producer;
    char *to;
    int propagate;
    char error[PACKING_ERROR_SIZE];
};

/* Data of a delivery report for the thread that waits for it. */
struct delivery {
    int reported;
    rd_kafka_resp_err_t err;
    int32_t partition;
    int64_t offset;
};

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_REALTIME, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

/* Starts a span: a child of this context, or a root if there is no parent. */
static void start_span(const tracebaton_context_t *parent, tracebaton_context_t *span) {
    tracebaton_trace_id_random_t trace_random = {0};
    tracebaton_span_id_random_t span_random = {0};
    tracebaton_trace_id_t trace_id;
    tracebaton_span_id_t span_id;
    uint8_t flags = TRACEBATON_FLAG_SAMPLED;

    if (getentropy(&trace_random, sizeof(trace_random)) == 0 && getentropy(&span_random, sizeof(span_random)) == 0)
        flags |= TRACEBATON_FLAG_RANDOM;
    tracebaton_trace_id_generate(&trace_random, &trace_id);
    tracebaton_span_id_generate(&span_random, &span_id);
    tracebaton_context_child_or_root(parent, &trace_id, &span_id, flags, span);
}

static void describe_span(const tracebaton_context_t *span, const tracebaton_context_t *parent,
                          struct packing_span *described) {
    memcpy(described->trace_id, span->trace_id.bytes, sizeof(described->trace_id));
    memcpy(described->span_id, span->span_id.bytes, sizeof(described->span_id));
    memcpy(described->parent_id, parent->span_id.bytes, sizeof(described->parent_id));
    described->trace_flags = span->trace_flags;
}

/* Works for 2 to 8 milliseconds, depending on the key. */
static void work(const rd_kafka_message_t *message) {
    struct timespec duration = {0, 0};
    uint32_t hash = 2166136261u;
    size_t i;
    for (i = 0; i < message->key_len; i++)
        hash = (hash ^ ((const uint8_t *)message->key)[i]) * 16777619u;
    duration.tv_nsec = 2000000 + hash % 6000000;
    nanosleep(&duration, NULL);
}

static int fail(struct packing *packing, const char *what, const char *why) {
    snprintf(packing->error, sizeof(packing->error), "%s: %s", what, why);
    return PACKING_FAILED;
}

static int pack(struct packing *packing, const rd_kafka_message_t *message, struct packing_parcel *parcel) {
    tracebaton_rdkafka_record_t record = tracebaton_rdkafka_record_of(packing->to, message);
    tracebaton_extracted_t received;
    tracebaton_context_t process, send;
    tracebaton_injection_t injection;
    tracebaton_queue_time_t waited = {0};
    struct delivery delivery = {0};
    rd_kafka_resp_err_t err;

    memset(parcel, 0, sizeof(*parcel));
    memset(&received, 0, sizeof(received));
    snprintf(parcel->key, sizeof(parcel->key), "%.*s", (int)message->key_len, (const char *)message->key);

    parcel->process.start = now();
    if (packing->propagate)
        tracebaton_rdkafka_extract(message, &received);
    start_span(&received.context, &process);
    describe_span(&process, &received.context, &parcel->process);
    parcel->process.partition = message->partition;
    parcel->process.offset = message->offset;
    if (process.tracestate)
        snprintf(parcel->tracestate, sizeof(parcel->tracestate), "%.*s", (int)process.tracestate_size, process.tracestate);
    tracebaton_rdkafka_queue_time(message, parcel->process.start / 1000000, &waited);
    parcel->queue_time = waited.milliseconds;
    parcel->timestamp_kind = waited.kind;

    work(message);

    parcel->send.start = now();
    start_span(&process, &send);
    describe_span(&send, &process, &parcel->send);
    tracebaton_injection_prepare(&send, &injection);
    record.msg_opaque = &delivery;
    err = tracebaton_rdkafka_produce(packing->producer, &record, packing->propagate ? &injection : NULL, NULL);
    parcel->process.end = now();
    if (err)
        return fail(packing, "cannot send", rd_kafka_err2str(err));
    while (!delivery.reported)
        rd_kafka_poll(packing->producer, 100);
    parcel->send.end = now();
    parcel->send.partition = delivery.partition;
    parcel->send.offset = delivery.offset;
    return delivery.err ? fail(packing, "not delivered", rd_kafka_err2str(delivery.err)) : PACKING_PACKED;
}

int packing_step(struct packing *packing, int timeout, struct packing_parcel *parcel) {
    rd_kafka_message_t *message = rd_kafka_consumer_poll(packing->consumer, timeout);
    int result;
    if (!message)
        return PACKING_NOTHING;
    if (message->err == RD_KAFKA_RESP_ERR__PARTITION_EOF)
        result = PACKING_END;
    else if (message->err == RD_KAFKA_RESP_ERR__FATAL)
        result = fail(packing, "cannot read", rd_kafka_message_errstr(message));
    else if (message->err)
        result = PACKING_NOTHING; /* librdkafka recovers from it, for example with another broker */
    else
        result = pack(packing, message, parcel);
    rd_kafka_message_destroy(message);
    return result;
}

static void delivered(rd_kafka_t *rk, const rd_kafka_message_t *message, void *opaque) {
    struct delivery *delivery = message->_private;
    (void)rk;
    (void)opaque;
    delivery->err = message->err;
    delivery->partition = message->partition;
    delivery->offset = message->offset;
    delivery->reported = 1;
}

/* Creates a client with these settings, pairs of names and values. Returns NULL with a message in error. */
static rd_kafka_t *new_client(rd_kafka_type_t type, const char *const settings[][2], size_t count, char *error,
                              size_t error_size) {
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    rd_kafka_t *client = NULL;
    size_t i;
    for (i = 0; i < count; i++)
        if (rd_kafka_conf_set(conf, settings[i][0], settings[i][1], error, error_size) != RD_KAFKA_CONF_OK)
            break;
    rd_kafka_conf_set_log_cb(conf, NULL);
    if (type == RD_KAFKA_PRODUCER)
        rd_kafka_conf_set_dr_msg_cb(conf, delivered);
    if (i == count)
        client = rd_kafka_new(type, conf, error, error_size);
    if (!client)
        rd_kafka_conf_destroy(conf);
    return client;
}

/* Assigns every partition from its beginning, by hand: joining a group would cost seconds at the start. */
static rd_kafka_resp_err_t assign(rd_kafka_t *consumer, const char *topic, int32_t partitions) {
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(partitions);
    rd_kafka_resp_err_t err;
    int32_t partition;
    for (partition = 0; partition < partitions; partition++)
        rd_kafka_topic_partition_list_add(list, topic, partition)->offset = RD_KAFKA_OFFSET_BEGINNING;
    err = rd_kafka_assign(consumer, list);
    rd_kafka_topic_partition_list_destroy(list);
    return err;
}

struct packing *packing_open(const struct packing_options *options, char *error, size_t error_size) {
    const char *const consumer[][2] = {{"bootstrap.servers", options->brokers}, {"client.id", "packing"},
                                       {"group.id", "packing"},                 {"enable.auto.commit", "false"},
                                       {"fetch.wait.max.ms", "5"},              {"enable.partition.eof", "true"}};
    const char *const producer[][2] = {{"bootstrap.servers", options->brokers},
                                       {"client.id", "packing"},
                                       {"linger.ms", "0"},
                                       {"message.timeout.ms", "10000"}};
    struct packing *packing = calloc(1, sizeof(*packing));
    rd_kafka_resp_err_t err;

    snprintf(error, error_size, "no memory");
    if (!packing)
        return NULL;
    packing->propagate = options->propagate;
    packing->to = strdup(options->to);
    packing->consumer = new_client(RD_KAFKA_CONSUMER, consumer, sizeof(consumer) / sizeof(*consumer), error, error_size);
    packing->producer = new_client(RD_KAFKA_PRODUCER, producer, sizeof(producer) / sizeof(*producer), error, error_size);
    if (packing->to && packing->consumer && packing->producer) {
        rd_kafka_poll_set_consumer(packing->consumer);
        err = assign(packing->consumer, options->from, options->partitions);
        if (!err)
            return packing;
        snprintf(error, error_size, "%s", rd_kafka_err2str(err));
    }
    packing_close(packing);
    return NULL;
}

const char *packing_error(const struct packing *packing) {
    return packing->error;
}

void packing_close(struct packing *packing) {
    if (!packing)
        return;
    if (packing->consumer) {
        rd_kafka_consumer_close(packing->consumer);
        rd_kafka_destroy(packing->consumer);
    }
    if (packing->producer)
        rd_kafka_destroy(packing->producer);
    free(packing->to);
    free(packing);
}
