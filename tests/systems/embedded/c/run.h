/* Runs one row through the C library. */

#ifndef RUN_H
#define RUN_H

#include "rows.h"

#include "tracebaton.h"

/* As many headers as the largest row has, and a context. */
#define MOST_HEADERS 80

enum ran { RAN_PASSED, RAN_FAILED, RAN_SKIPPED };

enum ran run_row(struct row *row);

/* Parts of a record, in the order of the arguments. */
struct record {
    tracebaton_header_t headers[MOST_HEADERS];
    size_t count;
};

/* A buffer that takes every result. */
extern char run_buffer[TRACEBATON_TRACESTATE_MAX_SIZE];

bool take_record(struct atoms *arguments, struct record *record);
size_t take_capacity(struct atoms *arguments);
void compare_record(struct row *row, const char *path, const struct record *record);
void compare_inject(struct row *row, const char *path, const struct record *record, const tracebaton_injection_t *injection);

/* Each runs an operation, and says whether it could read its arguments. */
bool run_extract(struct row *row);
bool run_inject(struct row *row);
bool run_tracestate(struct row *row);
bool run_baggage(struct row *row);
bool run_context(struct row *row);

#endif
