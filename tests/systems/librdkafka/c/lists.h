/* Header lists as tables. */
#ifndef LISTS_H
#define LISTS_H

#include "tracebaton_rdkafka.h"

#ifdef __cplusplus
extern "C" {
#endif

#define TRACE "0af7651916cd43dd8448eb211c80319c"
/* A valid traceparent; the last digit of its parent-id identifies it. */
#define PARENT(digit) "00-" TRACE "-b7ad6b716920333" digit "-01"

#define HEADER(name, value) {name, sizeof(name) - 1, value, sizeof(value) - 1}
#define NULL_HEADER(name) {name, sizeof(name) - 1, NULL, 0}
#define MOST_HEADERS 8

#define ABSENT (-1)
#define REFUSED(index) (-10 - (index))

/* The expected verdict on each header in a list: its index if accepted, ABSENT, or REFUSED(index). */
struct extract_row {
    const char *name;
    tracebaton_header_t headers[MOST_HEADERS];
    int traceparent, tracestate, baggage;
};
extern const struct extract_row extract_rows[];
extern const size_t extract_row_count;

/* The list after an injection of a traceparent, and of the tracestate and baggage that are not NULL. */
struct inject_row {
    const char *name;
    tracebaton_header_t before[MOST_HEADERS];
    const char *tracestate, *baggage;
    tracebaton_header_t after[MOST_HEADERS];
};
#define NEW_PARENT "00-" TRACE "-b7ad6b7169203339-01"
extern const struct inject_row inject_rows[];
extern const size_t inject_row_count;

/* How many headers a row has. A row ends at a NULL name; an empty name is not NULL. */
size_t list_count(const tracebaton_header_t headers[MOST_HEADERS]);

/* A new librdkafka list with these headers. */
rd_kafka_headers_t *list_new(const tracebaton_header_t *headers, size_t count);

/* Whether the list has exactly these headers, byte for byte and in this sequence. */
int list_equals(const rd_kafka_headers_t *list, const tracebaton_header_t *headers, size_t count);

/* How many headers of the list have this name, in any letter case. */
size_t list_occurrences(const rd_kafka_headers_t *list, const char *name);

#ifdef __cplusplus
}
#endif

#endif
