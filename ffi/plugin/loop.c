#include "loop.h"

/*
 * librdkafka does not say which consumed record a produced one comes from. It can be told in one case: a thread alone
 * reads the consumers that it has created, produces between any two records that it consumes, and each leads to one. The
 * first that it produces then comes from the first that it consumed, since there was no other; so does the second from
 * the second, and so on. Once it has consumed two in a row, as a batch or as tasks that take turns do, what it produces
 * may come from either, and everything after that from the one before.
 */
static __thread struct {
    int is_broken;
    int awaits; /* Whether it has produced nothing since it consumed. */
} thread;

int loop_consume(struct client *consumer) {
    if (!client_is_read_by_its_creator(consumer) || thread.awaits)
        thread.is_broken = 1;
    thread.awaits = 1;
    return !thread.is_broken;
}

void loop_produce(void) { thread.awaits = 0; }

void loop_reset(void) {
    thread.is_broken = 0;
    thread.awaits = 0;
}
