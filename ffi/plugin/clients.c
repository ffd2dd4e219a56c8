#include "clients.h"

#include <pthread.h>
#include <string.h>

/*
 * In static memory: librdkafka may go through its end more than once, and a place that is given up twice harms nobody.
 * A process has few clients, for each has threads of its own.
 */
#define CLIENTS_MAX 1024

static struct client clients[CLIENTS_MAX];
static pthread_mutex_t clients_lock = PTHREAD_MUTEX_INITIALIZER;

static struct client *find(const rd_kafka_t *rk) {
    size_t i;
    for (i = 0; i < CLIENTS_MAX; i++)
        if (clients[i].rk == rk)
            return &clients[i];
    return NULL;
}

struct client *client_add(const rd_kafka_t *rk) {
    struct client *client;
    pthread_mutex_lock(&clients_lock);
    client = find(NULL);
    if (client) {
        memset(client, 0, sizeof(*client));
        client->rk = rk;
    }
    pthread_mutex_unlock(&clients_lock);
    return client;
}

struct client *client_of(const rd_kafka_t *rk) {
    struct client *client;
    pthread_mutex_lock(&clients_lock);
    client = find(rk);
    pthread_mutex_unlock(&clients_lock);
    return client;
}

void client_remove(const rd_kafka_t *rk) {
    struct client *client;
    pthread_mutex_lock(&clients_lock);
    client = find(rk);
    if (client)
        client->rk = NULL;
    pthread_mutex_unlock(&clients_lock);
}
