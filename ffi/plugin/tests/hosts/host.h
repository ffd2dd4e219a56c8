/*
 * Common parts of the hosts of the plugin: how they fail, and how they make a client.
 */
#ifndef HOST_H
#define HOST_H

#include <librdkafka/rdkafka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static inline void check(int holds, const char *error) {
    if (holds)
        return;
    fprintf(stderr, "%s\n", error);
    exit(1);
}

static inline void set(rd_kafka_conf_t *conf, const char *name, const char *value) {
    char error[512];
    check(rd_kafka_conf_set(conf, name, value, error, sizeof(error)) == RD_KAFKA_CONF_OK, error);
}

/* Makes a client with these properties, such as "linger.ms=5", of which NULL is the last. */
static inline rd_kafka_t *client_with(rd_kafka_type_t type, const char *brokers, const char *group, char **properties) {
    char error[512];
    rd_kafka_t *rk;
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    set(conf, "bootstrap.servers", brokers);
    set(conf, "group.id", group);
    for (; *properties; properties++) {
        char name[64];
        const char *value = strchr(*properties, '=') + 1;
        snprintf(name, sizeof(name), "%.*s", (int)(value - *properties - 1), *properties);
        set(conf, name, value);
    }
    if (type == RD_KAFKA_CONSUMER)
        set(conf, "fetch.wait.max.ms", "10");
    rk = rd_kafka_new(type, conf, error, sizeof(error));
    check(rk != NULL, error);
    return rk;
}

#endif
