/*
 * The lists of interceptors that a client shares with the configuration it was created from.
 *
 * rd_kafka_new() copies the configuration's struct, so both point to the same lists. If rd_kafka_new() fails, librdkafka
 * before 2.13.0 frees the lists, and the program's rd_kafka_conf_destroy() frees them again. No librdkafka function removes
 * an interceptor from a list, so the plugin empties the client's lists before librdkafka frees them.
 */
#ifndef TRACEBATON_PLUGIN_SHARED_LISTS_H
#define TRACEBATON_PLUGIN_SHARED_LISTS_H

#include "librdkafka.h"

/**
 * Finds the lists that the plugin adds to, by adding to a configuration of its own. Returns 0 if `copy` frees the lists twice
 * and their place is uncertain, otherwise 1.
 */
int shared_lists_find(struct librdkafka *copy);

/*
 * Empties the client's lists, so that only the configuration has them. Only for a client whose rd_kafka_new() is about to
 * fail.
 */
void shared_lists_leave(const struct librdkafka *copy, rd_kafka_t *rk);

#endif
