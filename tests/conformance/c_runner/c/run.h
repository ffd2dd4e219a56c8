/* Runs rows through the C library. */

#ifndef RUN_H
#define RUN_H

#include "rows.h"

#include "tracebaton.h"

/* The headers of the largest row, and a context. */
#define MOST_HEADERS 80

/* Runs packed rows and reports; whether there were rows and all passed. */
bool run_rows(const uint8_t *packed, size_t size);

/* Parts of a record, in the order of the arguments. */
struct record {
    tracebaton_header_t headers[MOST_HEADERS];
    size_t count;
};

/* The size of a buffer that is large enough for every result, and one byte more for the rows about that. */
#define ENOUGH TRACEBATON_TRACESTATE_MAX_SIZE
extern char run_buffer[ENOUGH + 1];

bool take_record(struct atoms *arguments, struct record *record);
/* Clears the buffer and returns its size for this change: this capacity, or the one in the row. */
size_t fresh_buffer(size_t capacity);
size_t take_capacity(struct atoms *arguments);
/* Checks that the bytes after the capacity were not written. */
void compare_rest_of_buffer(struct row *row);
void compare_record(struct row *row, const char *path, const struct record *record);
void compare_inject(struct row *row, const char *path, const struct record *record, const tracebaton_injection_t *injection);

/* Each runs an operation; false if the arguments cannot be read. */
bool run_extract(struct row *row);
bool run_extract_joined(struct row *row);
bool run_inject(struct row *row);
bool run_strip(struct row *row);
bool run_tracestate(struct row *row);
bool run_baggage(struct row *row);
bool run_context(struct row *row);

#endif
