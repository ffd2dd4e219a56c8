/*
 * Threads that share one producer and one consumer: each record has the context that its payload names, in the consumer's
 * threads and in the delivery callback.
 *
 *     relay [shared]
 *
 * With `shared`, all threads prepare their contexts in one struct without a lock, which ThreadSanitizer must report.
 */
#include "../../../ffi/plugin/tests/hosts/host.h"
#include "../../../ffi/plugin/tests/hosts/seen_threads.h"

#include "tracebaton_rdkafka.h"
#include <librdkafka/rdkafka_mock.h>

#define THREADS 4
#define RECORDS 5000

static rd_kafka_t *producer, *consumer;
static int is_shared, delivered, consumed, mismatched;
static tracebaton_context_t shared_context;

/* Compares the trace id in the headers of a message with the one in its payload. */
static void compare(const rd_kafka_message_t *message, int *count) {
    tracebaton_context_t context;
    int is_same = tracebaton_rdkafka_context(message, &context) == TRACEBATON_OK &&
                  message->len == sizeof(context.trace_id) && !memcmp(message->payload, &context.trace_id, message->len);
    if (!is_same)
        __atomic_fetch_add(&mismatched, 1, __ATOMIC_RELAXED);
    __atomic_fetch_add(count, 1, __ATOMIC_RELAXED);
}

static void on_delivery(rd_kafka_t *rk, const rd_kafka_message_t *message, void *opaque) {
    (void)rk;
    (void)opaque;
    check(!message->err, rd_kafka_err2str(message->err));
    compare(message, &delivered);
}

static void *produce(void *argument) {
    unsigned char number = *(unsigned char *)argument;
    int i;
    for (i = 0; i < RECORDS; i++) {
        tracebaton_trace_id_t trace_id = {{number, (unsigned char)(i >> 8), (unsigned char)i, 1}};
        tracebaton_span_id_t span_id = {{number, 1}};
        tracebaton_context_t own, *context = is_shared ? &shared_context : &own;
        tracebaton_injection_t injection;
        tracebaton_rdkafka_record_t record = tracebaton_rdkafka_record("relay", &trace_id, sizeof(trace_id));
        tracebaton_status_t written = -1;
        check(!tracebaton_context_restart(NULL, &trace_id, &span_id, 1, context), "no context");
        check(!tracebaton_injection_prepare(context, &injection), "no injection");
        while (tracebaton_rdkafka_produce(producer, &record, &injection, &written) == RD_KAFKA_RESP_ERR__QUEUE_FULL)
            rd_kafka_poll(producer, 10);
        check(!written, "the context was not written");
        rd_kafka_poll(producer, 0);
    }
    return NULL;
}

static void *consume(void *argument) {
    (void)argument;
    while (__atomic_load_n(&consumed, __ATOMIC_RELAXED) < THREADS * RECORDS) {
        rd_kafka_message_t *message = rd_kafka_consumer_poll(consumer, 100);
        if (message && !message->err)
            compare(message, &consumed);
        if (message)
            rd_kafka_message_destroy(message);
    }
    return NULL;
}

static rd_kafka_conf_t *configuration(void) {
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    set(conf, "log_level", "3");
    return conf;
}

static rd_kafka_t *client(rd_kafka_type_t type, rd_kafka_conf_t *conf) {
    char error[512];
    rd_kafka_t *made = rd_kafka_new(type, conf, error, sizeof(error));
    check(made != NULL, error);
    return made;
}

static void start_clients(void) {
    rd_kafka_conf_t *conf = configuration();
    rd_kafka_topic_partition_list_t *topics = rd_kafka_topic_partition_list_new(1);
    set(conf, "test.mock.num.brokers", "1");
    rd_kafka_conf_set_dr_msg_cb(conf, on_delivery);
    producer = client(RD_KAFKA_PRODUCER, conf);
    conf = configuration();
    set(conf, "bootstrap.servers", rd_kafka_mock_cluster_bootstraps(rd_kafka_handle_mock_cluster(producer)));
    set(conf, "group.id", "relay");
    set(conf, "auto.offset.reset", "earliest");
    consumer = client(RD_KAFKA_CONSUMER, conf);
    rd_kafka_topic_partition_list_add(topics, "relay", RD_KAFKA_PARTITION_UA);
    check(!rd_kafka_subscribe(consumer, topics), "no subscription");
    rd_kafka_topic_partition_list_destroy(topics);
}

int main(int argc, char **argv) {
    pthread_t producers[THREADS], consumers[THREADS];
    unsigned char numbers[THREADS];
    int i;
    is_shared = argc > 1 && !strcmp(argv[1], "shared");
    start_clients();
    for (i = 0; i < THREADS; i++) {
        numbers[i] = (unsigned char)(i + 1);
        check(!pthread_create(&producers[i], NULL, produce, &numbers[i]), "no thread");
        check(!pthread_create(&consumers[i], NULL, consume, NULL), "no thread");
    }
    for (i = 0; i < THREADS; i++)
        pthread_join(producers[i], NULL);
    check(!rd_kafka_flush(producer, 60000), "not all records were delivered");
    for (i = 0; i < THREADS; i++)
        pthread_join(consumers[i], NULL);
    rd_kafka_destroy(consumer);
    rd_kafka_destroy(producer);
    printf("produced %d, delivered %d, consumed %d, of another trace %d\n", THREADS * RECORDS, delivered, consumed, mismatched);
    return mismatched != 0;
}
