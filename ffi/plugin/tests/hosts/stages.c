/*
 * A correct program whose client cannot be created: rd_kafka_new() fails at each of its stages, and the configuration is
 * the program's to destroy.
 *
 *     stages STAGE [PLUGIN]
 *
 * Prints the reason, or "not supported" if this librdkafka has no such stage. Run under valgrind and the sanitizers.
 */
#define _GNU_SOURCE /* pthread_setattr_default_np() */
#include "host.h"

#include <pthread.h>

/* No thread can be created with a stack as large as the address space. */
static void refuse_threads(int refuse) {
    static size_t usual;
    pthread_attr_t attributes;
    check(!pthread_getattr_default_np(&attributes), "default attributes");
    if (!usual)
        pthread_attr_getstacksize(&attributes, &usual);
    check(!pthread_attr_setstacksize(&attributes, refuse ? (size_t)1 << 46 : usual), "a stack size");
    check(!pthread_setattr_default_np(&attributes), "default attributes");
    pthread_attr_destroy(&attributes);
}

struct stage {
    const char *name;
    rd_kafka_type_t type;
    const char *properties[2][2]; /* Refused together. */
    const char *repair[2];        /* Lets the same configuration be a client; NULL: nothing does. */
    void (*refuse)(int refuse);   /* What the process refuses; NULL: nothing. */
    int events;                   /* Enabled beside. */
};

static const struct stage stages[] = {
    {"finalize", RD_KAFKA_PRODUCER, {{"transactional.id", "t"}, {"enable.idempotence", "false"}},
     {"enable.idempotence", "true"}, NULL, 0},
    {"assignor", RD_KAFKA_CONSUMER, {{"group.id", "g"}, {"partition.assignment.strategy", "unheard-of"}},
     {"partition.assignment.strategy", "range"}, NULL, 0},
    {"mechanism", RD_KAFKA_PRODUCER, {{"security.protocol", "sasl_plaintext"}, {"sasl.mechanism", "unheard-of"}},
     {"security.protocol", "plaintext"}, NULL, 0},
    {"credentials", RD_KAFKA_PRODUCER, {{"security.protocol", "sasl_plaintext"}, {"sasl.mechanism", "PLAIN"}},
     {"security.protocol", "plaintext"}, NULL, 0},
    {"certificates", RD_KAFKA_PRODUCER, {{"security.protocol", "ssl"}, {"ssl.ca.location", "/none"}},
     {"security.protocol", "plaintext"}, NULL, 0},
    {"background thread", RD_KAFKA_PRODUCER, {{"client.id", "c"}, {NULL, NULL}},
     {"client.id", "d"}, refuse_threads, RD_KAFKA_EVENT_BACKGROUND},
    {"main thread", RD_KAFKA_PRODUCER, {{"client.id", "c"}, {NULL, NULL}},
     {"client.id", "d"}, refuse_threads, 0},
};

static const struct stage *stage_of(const char *name) {
    size_t i;
    for (i = 0; i < sizeof(stages) / sizeof(*stages); i++)
        if (!strcmp(stages[i].name, name))
            return &stages[i];
    check(0, "STAGE [PLUGIN]");
    return NULL;
}

static rd_kafka_conf_res_t set_property(rd_kafka_conf_t *conf, const char *const property[2]) {
    char error[512] = "";
    rd_kafka_conf_res_t result = rd_kafka_conf_set(conf, property[0], property[1], error, sizeof(error));
    check(result == RD_KAFKA_CONF_OK || strstr(error, "not supported") || strstr(error, "not available"), error);
    return result;
}

/* Sets the plugin, and two properties of its, which librdkafka keeps in lists of their own. */
static void set_plugin(rd_kafka_conf_t *conf, const char *path) {
    const char *property[2] = {"plugin.library.paths", NULL};
    property[1] = path;
    set_property(conf, property);
    property[0] = "tracebaton.forward";
    property[1] = "none";
    set_property(conf, property);
    property[1] = "set";
    set_property(conf, property);
}

static void fail(rd_kafka_conf_t *conf, const struct stage *stage, char *error, size_t error_size) {
    rd_kafka_t *rk;
    if (stage->refuse)
        stage->refuse(1);
    rk = rd_kafka_new(stage->type, conf, error, error_size);
    if (stage->refuse)
        stage->refuse(0);
    check(!rk, "the client was created");
}

static void succeed(rd_kafka_conf_t *conf, const struct stage *stage) {
    char error[512] = "";
    rd_kafka_t *rk = rd_kafka_new(stage->type, conf, error, sizeof(error));
    check(rk != NULL, error);
    rd_kafka_destroy(rk);
}

int main(int argc, char **argv) {
    const struct stage *stage = stage_of(argc > 1 ? argv[1] : "");
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    char error[512] = "";
    int i;
    if (argc > 2)
        set_plugin(conf, argv[2]);
    rd_kafka_conf_set_events(conf, stage->events);
    for (i = 0; i < 2; i++)
        if (stage->properties[i][0] && set_property(conf, stage->properties[i]) != RD_KAFKA_CONF_OK) {
            puts("not supported");
            rd_kafka_conf_destroy(conf);
            return 0;
        }
    for (i = 0; i < 2; i++) {
        rd_kafka_conf_t *copy;
        fail(conf, stage, error, sizeof(error));
        copy = rd_kafka_conf_dup(conf);
        fail(copy, stage, error, sizeof(error));
        rd_kafka_conf_destroy(copy);
    }
    puts(error);
    if (!stage->repair[0]) {
        rd_kafka_conf_destroy(conf);
        return 0;
    }
    set_property(conf, stage->repair);
    succeed(rd_kafka_conf_dup(conf), stage);
    succeed(conf, stage);
    return 0;
}
