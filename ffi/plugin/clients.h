/* The clients of librdkafka that have the plugin, and what they are configured to do. */
#ifndef TRACEBATON_PLUGIN_CLIENTS_H
#define TRACEBATON_PLUGIN_CLIENTS_H

#include <pthread.h>

#include "formats.h"
#include "librdkafka.h"

/* The values of the property tracebaton.forward. */
enum forward {
    FORWARD_LOOP,        /* Of the record that the thread consumed last, if it handles one at a time. */
    FORWARD_CONSUMED,    /* Of the record that the thread consumed last. */
    FORWARD_SET,         /* Only what the program has set. */
    FORWARD_ENVIRONMENT, /* The environment's. */
    FORWARD_NONE
};

struct client {
    rd_kafka_t *rk; /* NULL: this place is free. */
    const struct librdkafka *librdkafka;
    enum forward forward;
    format_order_t read;          /* Formats of consumed records; 0: W3C alone. */
    tracebaton_formats_t written; /* Formats of produced records, beside baggage; 0: W3C alone. */
    size_t message_max_bytes;
    unsigned long thread;     /* That created it. */
    pthread_mutex_t lock;     /* Of what follows, and of rk. */
    unsigned long generation; /* How many clients this place had before. */
    int is_shared;            /* Whether another thread has consumed from it. */
};

/* The number of the calling thread, which no other thread of the process has or had. */
unsigned long thread_number(void);

/* Adds a client that the calling thread creates; NULL if there are too many. It stays where it is until it is removed. */
struct client *client_add(rd_kafka_t *rk);

/* The client that was added, or NULL. */
struct client *client_of(const rd_kafka_t *rk);

void client_remove(const rd_kafka_t *rk);

/* To be called for each record that is consumed: whether all of them were consumed by the thread that created the client. */
int client_is_read_by_its_creator(struct client *client);

/* Whether a consumer is still open, is the one of this generation, and is not shared unless it may be. */
int client_is_open(struct client *client, unsigned long generation);

/* For the child of a fork: a thread that is not there may have held a lock. */
void clients_unlock(void);

#endif
