/* Reads packed rows and compares. tests/systems/embedded/rows describes their format. */

#ifndef ROWS_H
#define ROWS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum atom_kind { ATOM_END, ATOM_NULL, ATOM_FALSE, ATOM_TRUE, ATOM_INTEGER, ATOM_BYTES, ATOM_OPEN, ATOM_CLOSE };

/* Prints like printf. The program that links the runner defines it. */
void say(const char *format, ...);

/* One piece of a row. */
struct atom {
    enum atom_kind kind;
    int64_t integer;
    const char *bytes;
    size_t size;
};

/* A sequence of pieces; after the last one, reading returns ends only. */
struct atoms {
    const char *pool;
    size_t pool_size;
    const uint8_t *at;
    const uint8_t *end;
};

/* All rows of a packed file. */
struct rows {
    struct atoms rest;
    uint64_t left;
};

/* One row, and its result. */
struct row {
    struct atom id;
    struct atom file;
    struct atom operation;
    struct atoms arguments;
    struct atoms expected;
    /* The path whose value comes next, the rest of that value, and whether the row expects it. */
    struct atom path;
    struct atoms value;
    bool is_expected;
    uint64_t seen;
    bool failed;
};

/* Whether the runner says each value in place of comparing it: a line for each path, "path piece piece...". A piece is
 * `-` (null), `t`, `f`, `[`, `]`, `i` and a number, or `b` and hex digits. */
extern bool rows_are_told;

bool rows_read(struct rows *rows, const uint8_t *bytes, size_t size);
/* The next row; false at the end, and if the rows are damaged. rows->left is then 0 if all rows were read. */
bool rows_next(struct rows *rows, struct row *row);

struct atom atom_take(struct atoms *atoms);
bool atom_is_text(struct atom atom, const char *text);
struct atom atom_bytes(const void *bytes, size_t size);
struct atom atom_text(const char *text);
struct atom atom_integer(int64_t integer);
struct atom atom_bool(bool truth);
struct atom atom_mark(enum atom_kind kind);

/* The value of this path comes next. A path that is not expected is ignored, except an error: the row then fails. */
void row_field(struct row *row, const char *path);
/* A piece of the value. */
void row_is(struct row *row, struct atom actual);
/* A value that is one piece. */
void row_field_is(struct row *row, const char *path, struct atom actual);
void row_refuse(struct row *row, const char *reason);
/* Whether every expected value was compared. */
bool row_passed(struct row *row);

#endif
