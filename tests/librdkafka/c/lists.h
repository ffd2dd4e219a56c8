/* Header lists as tables. */
#ifndef LISTS_H
#define LISTS_H

#include "tracebaton_rdkafka.h"

#define TRACE "0af7651916cd43dd8448eb211c80319c"
/* A traceparent that is accepted, told from others by the last digit of its parent-id. */
#define PARENT(digit) "00-" TRACE "-b7ad6b716920333" digit "-01"

#define HEADER(name, value) {name, sizeof(name) - 1, value, sizeof(value) - 1}
#define NULL_HEADER(name) {name, sizeof(name) - 1, NULL, 0}
#define MOST_HEADERS 8

/* How many headers the row has: those with a name. An empty name is a pointer too. */
size_t list_count(const tracebaton_header_t headers[MOST_HEADERS]);

/* A new list of librdkafka's with these headers. */
rd_kafka_headers_t *list_new(const tracebaton_header_t *headers, size_t count);

/* Whether the list has exactly these headers, byte for byte and in this order. */
int list_equals(const rd_kafka_headers_t *list, const tracebaton_header_t *headers, size_t count);

/* How many headers of the list have this name, in any case. */
size_t list_occurrences(const rd_kafka_headers_t *list, const char *name);

#endif
