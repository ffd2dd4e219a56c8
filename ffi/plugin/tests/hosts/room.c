/*
 * Produces records with headers of every kind, near message.max.bytes, while a context is set: room BROKERS PLUGIN. The value
 * of each begins with "with" or "without": whether the record has room for the context.
 */
#include "host.h"

#include <dlfcn.h>

#define LIMIT 2000
#define CONTEXT "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
/* What librdkafka counts at most: of a record, of a header, and so of the context. */
#define RECORD_SIZE 36
#define HEADER_SIZE 10
#define CONTEXT_SIZE (HEADER_SIZE + 11 + 55)

static rd_kafka_t *producer;

struct kind {
    const char *value;       /* Of the record. */
    size_t value_size;       /* At least as long as that; the rest is spaces. */
    size_t name_size;        /* Of the header: "n", and a NUL and more from the second byte on. */
    const char *header_value; /* May be NULL. */
    size_t count;            /* How many such headers. */
};

/* A record of `size` bytes, by librdkafka's count, with one header of this name and value. */
#define VALUE_SIZE(size, name_size, header_value_size) ((size)-RECORD_SIZE - HEADER_SIZE - (name_size) - (header_value_size))

static const struct kind kinds[] = {
    {"with: a name without a NUL, and just room", VALUE_SIZE(LIMIT - CONTEXT_SIZE, 1, 1), 1, "v", 1},
    {"without: the same, and a byte", VALUE_SIZE(LIMIT - CONTEXT_SIZE + 1, 1, 1), 1, "v", 1},
    {"with: a name that contains a NUL, and just enough room", VALUE_SIZE(LIMIT - CONTEXT_SIZE, 500, 1), 500, "v", 1},
    {"without: the same, and a byte", VALUE_SIZE(LIMIT - CONTEXT_SIZE + 1, 500, 1), 500, "v", 1},
    {"without: the name fills the record", VALUE_SIZE(LIMIT - 30, 1500, 0), 1500, "", 1},
    {"without: the same with a null value", VALUE_SIZE(LIMIT - 30, 1500, 0), 1500, NULL, 1},
    {"with: a null value", 60, 1, NULL, 1},
    {"with: null values", 60, 1, NULL, 20},
    {"without: so many that it is not found out", 60, 1, NULL, 70},
    {"without: a name that contains a NUL and has an unknown size", 60, 2, NULL, 1},
};

static void produce(const struct kind *kind) {
    static char name[LIMIT], value[LIMIT];
    rd_kafka_headers_t *headers = rd_kafka_headers_new(kind->count);
    size_t i;
    rd_kafka_resp_err_t err;
    memset(name, 'x', sizeof(name));
    memcpy(name, "n", 2);
    memset(value, ' ', sizeof(value));
    memcpy(value, kind->value, strlen(kind->value));
    for (i = 0; i < kind->count; i++)
        rd_kafka_header_add(headers, name, (ssize_t)kind->name_size, kind->header_value, -1);
    err = rd_kafka_producev(producer, RD_KAFKA_V_TOPIC("out"), RD_KAFKA_V_PARTITION(0),
                            RD_KAFKA_V_VALUE(value, kind->value_size), RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY),
                            RD_KAFKA_V_HEADERS(headers), RD_KAFKA_V_END);
    check(!err, rd_kafka_err2str(err));
}

/* A null value, and the same name with more after a NUL: both are shown, but only one name is whole. */
static void produce_both(void) {
    rd_kafka_headers_t *headers = rd_kafka_headers_new(2);
    static const char value[] = "without: one of two names contains a NUL";
    rd_kafka_resp_err_t err;
    rd_kafka_header_add(headers, "n", 1, NULL, 0);
    rd_kafka_header_add(headers, "n\0x", 3, NULL, 0);
    err = rd_kafka_producev(producer, RD_KAFKA_V_TOPIC("out"), RD_KAFKA_V_PARTITION(0),
                            RD_KAFKA_V_VALUE((void *)(uintptr_t)value, sizeof(value) - 1),
                            RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_HEADERS(headers), RD_KAFKA_V_END);
    check(!err, rd_kafka_err2str(err));
}

static void set_context(const char *path) {
    typedef int set_current_t(const char *, const char *, const char *);
    set_current_t *set_current;
    void *symbol = dlsym(dlopen(path, RTLD_NOW | RTLD_NOLOAD), "tracebaton_plugin_set_current");
    memcpy(&set_current, &symbol, sizeof(symbol));
    check(!set_current(CONTEXT, NULL, NULL), "a context");
}

int main(int argc, char **argv) {
    char error[512], limit[16];
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    size_t i;
    check(argc == 3, "BROKERS PLUGIN");
    snprintf(limit, sizeof(limit), "%d", LIMIT);
    set(conf, "bootstrap.servers", argv[1]);
    set(conf, "plugin.library.paths", argv[2]);
    set(conf, "tracebaton.forward", "set");
    set(conf, "message.max.bytes", limit);
    producer = rd_kafka_new(RD_KAFKA_PRODUCER, conf, error, sizeof(error));
    check(producer != NULL, error);
    set_context(argv[2]);
    for (i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
        produce(&kinds[i]);
    produce_both();
    check(!rd_kafka_flush(producer, 60000), "not all records were delivered");
    rd_kafka_destroy(producer);
    return 0;
}
