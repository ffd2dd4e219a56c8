/* The librdkafka functions that the plugin calls, from the copy of librdkafka that loaded the plugin. */
#ifndef TRACEBATON_PLUGIN_LIBRDKAFKA_H
#define TRACEBATON_PLUGIN_LIBRDKAFKA_H

#include <librdkafka/rdkafka.h>
#include <stdint.h>

#define LIBRDKAFKA_FUNCTIONS(each)                  \
    each(rd_kafka_conf)                             \
    each(rd_kafka_conf_destroy)                     \
    each(rd_kafka_conf_get)                         \
    each(rd_kafka_conf_interceptor_add_on_conf_set) \
    each(rd_kafka_conf_interceptor_add_on_new)      \
    each(rd_kafka_conf_new)                         \
    each(rd_kafka_conf_set)                         \
    each(rd_kafka_consumer_closed)                  \
    each(rd_kafka_header_add)                       \
    each(rd_kafka_header_cnt)                       \
    each(rd_kafka_header_get)                       \
    each(rd_kafka_header_get_all)                   \
    each(rd_kafka_header_remove)                    \
    each(rd_kafka_headers_copy)                     \
    each(rd_kafka_headers_destroy)                  \
    each(rd_kafka_headers_new)                      \
    each(rd_kafka_interceptor_add_on_consume)       \
    each(rd_kafka_interceptor_add_on_destroy)       \
    each(rd_kafka_interceptor_add_on_send)          \
    each(rd_kafka_message_headers)                  \
    each(rd_kafka_message_set_headers)              \
    each(rd_kafka_version)                          \
    each(rd_kafka_version_str)

/* Number of lists that a configuration shares with its client. */
#define SHARED_LISTS 3

/* One loaded copy of librdkafka. */
struct librdkafka {
    const void *base; /* Load address. */
#define LIBRDKAFKA_MEMBER(name) __typeof__(name) *name;
    LIBRDKAFKA_FUNCTIONS(LIBRDKAFKA_MEMBER)
#undef LIBRDKAFKA_MEMBER
    size_t shared_lists[SHARED_LISTS]; /* Offsets in a configuration; see shared_lists.h. */
};

/*
 * Finds the copy that contains the caller's code. The copy then stays loaded. Returns NULL, with the reason in `error`, if
 * the plugin does not support it.
 */
const struct librdkafka *librdkafka_of(const void *caller, char *error, size_t error_size);

/* Call it in the child of a fork: a thread that the child does not have may have held the lock. */
void librdkafka_unlock(void);

#endif
