#include "run.h"

#include <string.h>

char run_buffer[ENOUGH + 1];

bool take_record(struct atoms *arguments, struct record *record)
{
    record->count = 0;
    if (atom_take(arguments).kind != ATOM_OPEN)
        return false;
    for (;;) {
        struct atom name = atom_take(arguments);
        if (name.kind == ATOM_CLOSE)
            return true;
        struct atom value = atom_take(arguments);
        if (name.kind != ATOM_BYTES || record->count == MOST_HEADERS)
            return false;
        record->headers[record->count++] = (tracebaton_header_t){
            .name = name.bytes,
            .name_size = name.size,
            .value = value.kind == ATOM_BYTES ? value.bytes : NULL,
            .value_size = value.size,
        };
    }
}

/* The byte that fills the buffer before a change. */
#define UNTOUCHED 0x5a

static size_t run_capacity;

size_t fresh_buffer(size_t capacity)
{
    memset(run_buffer, UNTOUCHED, sizeof run_buffer);
    run_capacity = capacity;
    return capacity;
}

size_t take_capacity(struct atoms *arguments)
{
    struct atom size = atom_take(arguments);
    return fresh_buffer(size.kind == ATOM_INTEGER ? (size_t)size.integer : ENOUGH);
}

void compare_rest_of_buffer(struct row *row)
{
    for (size_t at = run_capacity; at < sizeof run_buffer; at++)
        if (run_buffer[at] != UNTOUCHED)
            row_refuse(row, "a byte after the end of the buffer was written");
}

void compare_record(struct row *row, const char *path, const struct record *record)
{
    row_field_is(row, path, atom_mark(ATOM_OPEN));
    for (size_t index = 0; index < record->count; index++) {
        const tracebaton_header_t *header = &record->headers[index];
        row_is(row, atom_bytes(header->name, header->name_size));
        row_is(row, header->value ? atom_bytes(header->value, header->value_size) : atom_mark(ATOM_NULL));
    }
    row_is(row, atom_mark(ATOM_CLOSE));
}

void compare_inject(struct row *row, const char *path, const struct record *record, const tracebaton_injection_t *injection)
{
    static struct record after;
    after = *record;
    if (tracebaton_headers_inject(injection, after.headers, &after.count, MOST_HEADERS) < 0)
        row_refuse(row, "no context could be injected into the record");
    compare_record(row, path, &after);
}

/* Whether the carrier is read-only or holds more than it can take, as no array of headers does. */
static bool is_no_array(struct row *row)
{
    struct atoms arguments = row->arguments;
    if (atom_is_text(row->operation, "strip"))
        return atom_take(&arguments).kind == ATOM_TRUE;
    if (!atom_is_text(row->operation, "inject"))
        return false;
    for (int index = 0; index < 5; index++)
        atom_take(&arguments);
    struct atom capacity = atom_take(&arguments), read_only = atom_take(&arguments);
    int64_t count = 0;
    atom_take(&arguments);
    for (; atom_take(&arguments).kind == ATOM_BYTES; count++)
        atom_take(&arguments);
    return read_only.kind == ATOM_TRUE || (capacity.kind == ATOM_INTEGER && capacity.integer < count);
}

static bool begins(struct atom operation, const char *with)
{
    size_t size = strlen(with);
    return operation.size >= size && memcmp(operation.bytes, with, size) == 0;
}

static bool operate(struct row *row)
{
    if (atom_is_text(row->operation, "extract"))
        return run_extract(row);
    if (atom_is_text(row->operation, "extract_joined"))
        return run_extract_joined(row);
    if (atom_is_text(row->operation, "inject"))
        return run_inject(row);
    if (atom_is_text(row->operation, "strip"))
        return run_strip(row);
    if (begins(row->operation, "tracestate_"))
        return run_tracestate(row);
    if (begins(row->operation, "baggage_"))
        return run_baggage(row);
    return run_context(row);
}

enum ran { RAN_PASSED, RAN_FAILED, RAN_SKIPPED };

static enum ran run_row(struct row *row)
{
    if (is_no_array(row))
        return RAN_SKIPPED;
    if (!operate(row))
        row_refuse(row, "has an operation that this runner does not know");
    return row_passed(row) ? RAN_PASSED : RAN_FAILED;
}

struct tally {
    struct atom file;
    unsigned ran, passed, skipped;
};

static void announce(const struct tally *tally)
{
    if (tally->ran > 0)
        say("rows %.*s %u %u\n", (int)tally->file.size, tally->file.bytes, tally->ran, tally->passed);
    if (tally->skipped > 0)
        say("skipped %.*s %u\n", (int)tally->file.size, tally->file.bytes, tally->skipped);
}

static void count(struct tally *tally, enum ran ran)
{
    tally->ran += ran != RAN_SKIPPED;
    tally->passed += ran == RAN_PASSED;
    tally->skipped += ran == RAN_SKIPPED;
}

bool run_rows(const uint8_t *packed, size_t size)
{
    static struct row row;
    struct rows rows;
    struct tally all = {0}, file = {0};
    if (!rows_read(&rows, packed, size)) {
        say("FAILED: the input has no rows\n");
        return false;
    }
    while (rows_next(&rows, &row)) {
        if (row.file.bytes != file.file.bytes) {
            announce(&file);
            file = (struct tally){.file = row.file};
        }
        enum ran ran = run_row(&row);
        count(&all, ran);
        count(&file, ran);
    }
    announce(&file);
    if (rows.left > 0)
        say("FAILED: a row that cannot be read\n");
    return rows.left == 0 && all.ran > 0 && all.passed == all.ran;
}
