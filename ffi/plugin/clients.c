#include "clients.h"

#include <string.h>

/*
 * The table is in static memory: librdkafka may call on_destroy() more than once, and removing a client twice does no harm. A
 * process has few clients, since each one has threads of its own.
 */
#define CLIENTS_MAX 1024

static struct client clients[CLIENTS_MAX];
static size_t used; /* Number of places that have or had a client. */
static pthread_mutex_t clients_lock = PTHREAD_MUTEX_INITIALIZER;

unsigned long thread_number(void) {
    static unsigned long threads;
    static __thread unsigned long number;
    if (!number)
        number = __atomic_add_fetch(&threads, 1, __ATOMIC_RELAXED);
    return number;
}

static struct client *find(const rd_kafka_t *rk) {
    size_t i;
    for (i = 0; i < used; i++)
        if (clients[i].rk == rk)
            return &clients[i];
    return NULL;
}

/* Finds a free place; NULL if there is none. */
static struct client *vacancy(void) {
    struct client *client = find(NULL);
    if (client || used == CLIENTS_MAX)
        return client;
    client = &clients[used++];
    pthread_mutex_init(&client->lock, NULL);
    return client;
}

static void set_rk(struct client *client, rd_kafka_t *rk) {
    pthread_mutex_lock(&client->lock);
    client->rk = rk;
    client->generation += rk == NULL;
    client->is_shared = 0;
    pthread_mutex_unlock(&client->lock);
}

struct client *client_add(rd_kafka_t *rk) {
    struct client *client;
    pthread_mutex_lock(&clients_lock);
    client = vacancy();
    if (client) {
        client->forward = FORWARD_LOOP;
        client->read = 0;
        client->written = 0;
        client->thread = thread_number();
        set_rk(client, rk);
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
        set_rk(client, NULL);
    pthread_mutex_unlock(&clients_lock);
}

int client_is_read_by_its_creator(struct client *client) {
    int is_shared;
    pthread_mutex_lock(&client->lock);
    if (client->thread != thread_number())
        client->is_shared = 1;
    is_shared = client->is_shared;
    pthread_mutex_unlock(&client->lock);
    return !is_shared;
}

int client_is_open(struct client *client, unsigned long generation) {
    int is_open;
    pthread_mutex_lock(&client->lock);
    /* rd_kafka_destroy() calls on_destroy(), which waits for the lock, before it frees the fields that are read here. */
    is_open = client->rk && client->generation == generation &&
              (client->forward == FORWARD_CONSUMED || !client->is_shared) &&
              !client->librdkafka->rd_kafka_consumer_closed(client->rk);
    pthread_mutex_unlock(&client->lock);
    return is_open;
}

void clients_unlock(void) {
    size_t i;
    pthread_mutex_init(&clients_lock, NULL);
    for (i = 0; i < used; i++)
        pthread_mutex_init(&clients[i].lock, NULL);
}
