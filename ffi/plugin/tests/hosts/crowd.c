/*
 * Threads that create, read, share and destroy clients at the same time, some of which cannot be created:
 *
 *     crowd BROKERS PLUGIN
 *
 * Run with ThreadSanitizer, linked with -rdynamic.
 */
#include "host.h"
#include "seen_threads.h"

#define THREADS 4
#define TIMES 15

static const char *brokers, *path;
static rd_kafka_t *producer, *shared;

static rd_kafka_conf_t *configuration(void) {
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    set(conf, "bootstrap.servers", brokers);
    set(conf, "plugin.library.paths", path);
    set(conf, "tracebaton.forward", "consumed");
    return conf;
}

static rd_kafka_t *consumer_of(int32_t partition) {
    char error[512];
    rd_kafka_topic_partition_list_t *assignment = rd_kafka_topic_partition_list_new(1);
    rd_kafka_conf_t *conf = configuration();
    rd_kafka_t *consumer;
    set(conf, "group.id", "crowd");
    set(conf, "fetch.wait.max.ms", "10");
    consumer = rd_kafka_new(RD_KAFKA_CONSUMER, conf, error, sizeof(error));
    check(consumer != NULL, error);
    rd_kafka_topic_partition_list_add(assignment, "in", partition)->offset = 0;
    rd_kafka_assign(consumer, assignment);
    rd_kafka_topic_partition_list_destroy(assignment);
    return consumer;
}

static void relay(rd_kafka_t *consumer, int timeout_ms) {
    rd_kafka_message_t *message = rd_kafka_consumer_poll(consumer, timeout_ms);
    rd_kafka_resp_err_t err =
        rd_kafka_producev(producer, RD_KAFKA_V_TOPIC("out"), RD_KAFKA_V_PARTITION(0), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
                          RD_KAFKA_V_VALUE((void *)(uintptr_t)"x", 1), RD_KAFKA_V_END);
    check(!err, rd_kafka_err2str(err));
    if (message)
        rd_kafka_message_destroy(message);
}

static void fail(void) {
    char error[512];
    rd_kafka_conf_t *conf = configuration();
    set(conf, "security.protocol", "sasl_plaintext");
    set(conf, "sasl.mechanism", "unheard-of");
    check(!rd_kafka_new(RD_KAFKA_PRODUCER, conf, error, sizeof(error)), "a client that cannot be");
    rd_kafka_conf_destroy(conf);
}

static void *run(void *partition) {
    int i;
    for (i = 0; i < TIMES; i++) {
        rd_kafka_t *consumer = consumer_of(*(int32_t *)partition);
        relay(consumer, 1000);
        relay(shared, 20);
        if (i % 2)
            rd_kafka_consumer_close(consumer);
        relay(consumer, 0);
        rd_kafka_destroy(consumer);
        relay(shared, 20);
        fail();
    }
    return NULL;
}

int main(int argc, char **argv) {
    pthread_t threads[THREADS];
    int32_t partitions[THREADS], i;
    char error[512];
    check(argc == 3, "BROKERS PLUGIN");
    brokers = argv[1];
    path = argv[2];
    producer = rd_kafka_new(RD_KAFKA_PRODUCER, configuration(), error, sizeof(error));
    check(producer != NULL, error);
    shared = consumer_of(THREADS);
    for (i = 0; i < THREADS; i++) {
        partitions[i] = i;
        check(!pthread_create(&threads[i], NULL, run, &partitions[i]), "no thread");
    }
    for (i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    check(!rd_kafka_flush(producer, 60000), "not all records were delivered");
    rd_kafka_destroy(shared);
    rd_kafka_destroy(producer);
    return 0;
}
