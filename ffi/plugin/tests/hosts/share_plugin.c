/*
 * Share consumers with the plugin, which librdkafka gives no interceptors: share_plugin BROKERS PLUGIN. They are created all
 * the same, leave nothing behind, and give nothing to a later client at the same address.
 */
#include "host.h"

#include "share.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TIMES 1100 /* More than the clients that the plugin has places for. */

static char **arguments;

static rd_kafka_conf_t *configuration(const char *forward) {
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    set(conf, "plugin.library.paths", arguments[2]);
    set(conf, "tracebaton.forward", forward);
    return conf;
}

static void create_share_consumer(int is_quiet) {
    char error[512];
    rd_kafka_conf_t *conf = configuration("none");
    rd_kafka_share_t *consumer;
    set(conf, "group.id", "share");
    if (is_quiet)
        set(conf, "log_level", "0");
    consumer = rd_kafka_share_consumer_new(conf, error, sizeof(error));
    check(consumer != NULL, error);
    rd_kafka_share_destroy(consumer);
}

/* Forwards what the program sets, whatever was at the client's address before. */
static void produce(void) {
    char error[512];
    rd_kafka_conf_t *conf = configuration("set");
    rd_kafka_resp_err_t err;
    rd_kafka_t *rk;
    set(conf, "bootstrap.servers", arguments[1]);
    rk = rd_kafka_new(RD_KAFKA_PRODUCER, conf, error, sizeof(error));
    check(rk != NULL, error);
    err = rd_kafka_producev(rk, RD_KAFKA_V_TOPIC("out"), RD_KAFKA_V_PARTITION(0), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
                            RD_KAFKA_V_VALUE((void *)(uintptr_t)"1", 1), RD_KAFKA_V_END);
    check(!err, rd_kafka_err2str(err));
    check(!rd_kafka_flush(rk, 60000), "not all records were delivered");
    rd_kafka_destroy(rk);
}

int main(int argc, char **argv) {
    typedef int set_current_t(const char *, const char *, const char *);
    set_current_t *set_current;
    void *symbol;
    int i;
    check(argc == 3, "BROKERS PLUGIN");
    arguments = argv;
    for (i = 0; i < TIMES; i++)
        create_share_consumer(i > 0);
    symbol = dlsym(dlopen(argv[2], RTLD_NOW | RTLD_NOLOAD), "tracebaton_plugin_set_current");
    memcpy(&set_current, &symbol, sizeof(symbol));
    check(!set_current("00-0af7651916cd43dd8448eb2100000001-b7ad6b7169203331-01", "vendor=n1, other=1", "number=1;property"),
          "a context");
    produce();
    return 0;
}
