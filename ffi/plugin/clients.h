/* The librdkafka clients that have the plugin, and their configuration. */
#ifndef TRACEBATON_PLUGIN_CLIENTS_H
#define TRACEBATON_PLUGIN_CLIENTS_H

#include <pthread.h>

#include "formats.h"
#include "librdkafka.h"

/* Values of the property tracebaton.forward: the context that is forwarded. */
enum forward {
    FORWARD_LOOP,        /* The last record's, if the thread handles one at a time. */
    FORWARD_CONSUMED,    /* The last record's. */
    FORWARD_SET,         /* Only the context that the program has set. */
    FORWARD_ENVIRONMENT, /* The context in environment variables. */
    FORWARD_NONE
};

struct client {
    rd_kafka_t *rk; /* NULL if this place is free. */
    const struct librdkafka *librdkafka;
    enum forward forward;
    format_order_t read;          /* Formats of consumed records; 0: W3C alone. */
    tracebaton_formats_t written; /* Formats of produced records, beside baggage; 0: W3C alone. */
    size_t message_max_bytes;
    unsigned long thread;     /* The thread that created it. */
    pthread_mutex_t lock;     /* Protects rk and the fields below. */
    unsigned long generation; /* Number of clients that had this place before. */
    int is_shared;            /* Whether another thread has consumed from it. */
};

/* Number of the calling thread. No other thread of the process ever has the same number. */
unsigned long thread_number(void);

/*
 * Adds a client that the calling thread creates; NULL if there are too many. Its address does not change until it is
 * removed.
 */
struct client *client_add(rd_kafka_t *rk);

/* Finds a client that was added; NULL if there is none. */
struct client *client_of(const rd_kafka_t *rk);

void client_remove(const rd_kafka_t *rk);

/* Call it for each consumed record. Returns whether the thread that created the client has consumed all of them. */
int client_is_read_by_its_creator(struct client *client);

/* Whether a consumer is still open and of this generation, and is not shared by threads unless that is allowed. */
int client_is_open(struct client *client, unsigned long generation);

/* Call it in the child of a fork: a thread that the child does not have may have held a lock. */
void clients_unlock(void);

#endif
