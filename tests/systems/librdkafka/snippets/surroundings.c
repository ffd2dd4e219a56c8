/*
 * Linked with an example program. It creates the program's clients with other settings, so that the unchanged program
 * meets ends of partitions and full queues. The variables CONSUMER_OPTIONS and PRODUCER_OPTIONS, such as "linger.ms=5 acks=1",
 * add settings.
 */
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <librdkafka/rdkafka.h>

static void set(rd_kafka_conf_t *conf, const char *name, const char *value) {
    char error[256];
    if (rd_kafka_conf_set(conf, name, value, error, sizeof(error)) != RD_KAFKA_CONF_OK) {
        fprintf(stderr, "%s\n", error);
        exit(3);
    }
}

static void set_all(rd_kafka_conf_t *conf, const char *options) {
    char name[64], value[64];
    int read;
    for (; options && sscanf(options, " %63[^=]=%63s%n", name, value, &read) == 2; options += read)
        set(conf, name, value);
}

rd_kafka_t *rd_kafka_new(rd_kafka_type_t type, rd_kafka_conf_t *conf, char *error, size_t error_size) {
    rd_kafka_t *(*create)(rd_kafka_type_t, rd_kafka_conf_t *, char *, size_t);
    void *symbol = dlsym(RTLD_NEXT, "rd_kafka_new");
    memcpy(&create, &symbol, sizeof(create));
    if (!conf)
        conf = rd_kafka_conf_new();
    if (type == RD_KAFKA_CONSUMER) {
        set(conf, "enable.partition.eof", "true");
        set(conf, "fetch.wait.max.ms", "5");
    } else {
        set(conf, "queue.buffering.max.messages", "1");
        set(conf, "linger.ms", "20");
    }
    set_all(conf, getenv(type == RD_KAFKA_CONSUMER ? "CONSUMER_OPTIONS" : "PRODUCER_OPTIONS"));
    return create(type, conf, error, error_size);
}
