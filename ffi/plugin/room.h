/* Checks whether a record with the context is within message.max.bytes. */
#ifndef TRACEBATON_PLUGIN_ROOM_H
#define TRACEBATON_PLUGIN_ROOM_H

#include <tracebaton.h>

#include "clients.h"

/*
 * Whether it is, with the headers to add; no if that is unknown. `headers` may be NULL. librdkafka checks the record
 * itself before it calls on_send().
 */
int has_room(const struct client *producer, const rd_kafka_message_t *message, const rd_kafka_headers_t *headers,
             const tracebaton_header_t *added, size_t count);

#endif
