/* The clients of librdkafka that have the plugin, and what they are configured to do. */
#ifndef TRACEBATON_PLUGIN_CLIENTS_H
#define TRACEBATON_PLUGIN_CLIENTS_H

#include "librdkafka.h"

/* The values of the property tracebaton.forward. */
enum forward {
    FORWARD_CONSUMED,    /* What the thread has consumed last, or the program has set since. */
    FORWARD_SET,         /* Only what the program has set. */
    FORWARD_ENVIRONMENT, /* What the environment says. */
    FORWARD_NONE
};

struct client {
    const rd_kafka_t *rk; /* NULL: there is none in this place. */
    const struct librdkafka *librdkafka;
    enum forward forward;
    size_t message_max_bytes;
};

/* Adds a client; NULL if there are too many. It stays where it is until it is removed. */
struct client *client_add(const rd_kafka_t *rk);

/* The client that was added, or NULL. */
struct client *client_of(const rd_kafka_t *rk);

void client_remove(const rd_kafka_t *rk);

#endif
