/*
 * The lists of interceptors that a client shares with the configuration it was created from.
 *
 * rd_kafka_new() copies the configuration's struct, so both point to the same lists. If it fails before 2.13.0, it frees
 * them, and the program's rd_kafka_conf_destroy() frees them again. No function of librdkafka takes an interceptor off a
 * list, so the plugin makes the client's lists empty before librdkafka frees them.
 */
#ifndef TRACEBATON_PLUGIN_SHARED_LISTS_H
#define TRACEBATON_PLUGIN_SHARED_LISTS_H

#include "librdkafka.h"

/**
 * Finds the lists that the plugin adds to, by adding to a configuration of its own. Returns 0 if `copy` frees them twice
 * and they are not where they can be found for certain, else 1.
 */
int shared_lists_find(struct librdkafka *copy);

/* Leaves the lists to the configuration. Only for a client whose rd_kafka_new() is about to fail. */
void shared_lists_leave(const struct librdkafka *copy, rd_kafka_t *rk);

#endif
