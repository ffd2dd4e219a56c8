/*
 * What programs do wrong, or meet with, while the plugin is loaded: failures BROKERS PLUGIN. Run under valgrind or
 * with the sanitizers: what matters is who frees what.
 */
#include "host.h"

#include <dlfcn.h>

static const char *brokers, *path;

static rd_kafka_conf_t *configuration(void) {
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    set(conf, "bootstrap.servers", brokers);
    set(conf, "plugin.library.paths", path);
    set(conf, "plugin.library.paths", path);
    set(conf, "tracebaton.forward", "set");
    set(conf, "tracebaton.forward", "set");
    return conf;
}

static rd_kafka_t *producer(rd_kafka_conf_t *conf) {
    char error[512];
    rd_kafka_t *rk = rd_kafka_new(RD_KAFKA_PRODUCER, conf, error, sizeof(error));
    check(rk != NULL, error);
    return rk;
}

static int has_context(const rd_kafka_headers_t *headers) {
    const void *value;
    size_t size;
    return !rd_kafka_header_get_last(headers, "traceparent", &value, &size);
}

/* The partitioner fails after on_send: the list that was changed is the program's again, and can be sent again. */
static void produce_to_no_partition(rd_kafka_t *rk) {
    const rd_kafka_metadata_t *metadata;
    rd_kafka_headers_t *headers = rd_kafka_headers_new(1);
    rd_kafka_topic_t *topic = rd_kafka_topic_new(rk, "out", NULL);
    rd_kafka_resp_err_t err;
    int i;
    check(!rd_kafka_metadata(rk, 0, topic, &metadata, 60000), "no metadata");
    rd_kafka_metadata_destroy(metadata);
    rd_kafka_header_add(headers, "schema", -1, "7", 1);
    for (i = 0; i < 2; i++) {
        err = rd_kafka_producev(rk, RD_KAFKA_V_RKT(topic), RD_KAFKA_V_PARTITION(999), RD_KAFKA_V_VALUE((void *)"x", 1),
                                RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_HEADERS(headers), RD_KAFKA_V_END);
        check(err == RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION, rd_kafka_err2name(err));
        check(has_context(headers) && rd_kafka_header_cnt(headers) == 3, "the list has one context");
    }
    err = rd_kafka_producev(rk, RD_KAFKA_V_RKT(topic), RD_KAFKA_V_PARTITION(0), RD_KAFKA_V_VALUE((void *)"x", 1),
                            RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_HEADERS(headers), RD_KAFKA_V_END);
    check(!err, rd_kafka_err2str(err));
    err = rd_kafka_producev(rk, RD_KAFKA_V_RKT(topic), RD_KAFKA_V_PARTITION(999), RD_KAFKA_V_VALUE((void *)"x", 1),
                            RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_END);
    check(err == RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION, rd_kafka_err2name(err));
    rd_kafka_topic_destroy(topic);
}

static void produce_a_batch(rd_kafka_t *rk) {
    rd_kafka_message_t batch[2];
    rd_kafka_topic_t *topic = rd_kafka_topic_new(rk, "out", NULL);
    memset(batch, 0, sizeof(batch));
    batch[0].payload = batch[1].payload = (void *)"x";
    batch[0].len = batch[1].len = 1;
    check(rd_kafka_produce_batch(topic, 0, RD_KAFKA_MSG_F_COPY, batch, 2) == 2, "a batch");
    check(rd_kafka_produce_batch(topic, 999, RD_KAFKA_MSG_F_COPY, batch, 2) == 0, "a batch to no partition");
    rd_kafka_topic_destroy(topic);
}

/* Configurations that become no client, and copies of such. */
static void drop_configurations(void) {
    char error[512];
    rd_kafka_conf_t *conf = configuration();
    rd_kafka_conf_t *copy = rd_kafka_conf_dup(conf);
    check(rd_kafka_conf_set(copy, "tracebaton.forward", "?", error, sizeof(error)) == RD_KAFKA_CONF_INVALID, "a value");
    check(strstr(error, "loop, consumed") != NULL, error);
    set(conf, "transactional.id", "t");
    set(conf, "enable.idempotence", "false");
    check(!rd_kafka_new(RD_KAFKA_PRODUCER, conf, error, sizeof(error)), "a client that cannot be");
    rd_kafka_conf_destroy(conf);
    rd_kafka_destroy(producer(copy));
}

int main(int argc, char **argv) {
    typedef int set_current_t(const char *, const char *, const char *);
    set_current_t *set_current;
    void *plugin, *symbol;
    rd_kafka_conf_t *conf;
    rd_kafka_t *rk;
    int i;
    check(argc == 3, "BROKERS PLUGIN");
    brokers = argv[1];
    path = argv[2];
    conf = configuration();
    rk = producer(rd_kafka_conf_dup(conf));
    rd_kafka_conf_destroy(conf);
    plugin = dlopen(path, RTLD_NOW | RTLD_NOLOAD);
    check(plugin != NULL, "the plugin is loaded");
    symbol = dlsym(plugin, "tracebaton_plugin_set_current");
    memcpy(&set_current, &symbol, sizeof(symbol));
    check(!set_current("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", NULL, "k=v"), "a context");
    produce_to_no_partition(rk);
    produce_a_batch(rk);
    check(!rd_kafka_flush(rk, 60000), "all is delivered");
    rd_kafka_destroy(rk);
    for (i = 0; i < 3; i++)
        drop_configurations();
    dlclose(plugin);
    check(!set_current(NULL, NULL, NULL) || 1, "the plugin is still there");
    return 0;
}
