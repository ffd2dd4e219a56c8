#include "rows.h"

#include <string.h>

bool rows_are_told;

static bool take_varint(struct atoms *atoms, uint64_t *number)
{
    *number = 0;
    for (unsigned shift = 0; shift < 64 && atoms->at < atoms->end; shift += 7) {
        uint8_t byte = *atoms->at++;
        *number |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80)
            return true;
    }
    return false;
}

static struct atom take_bytes(struct atoms *atoms)
{
    uint64_t start = 0, size = 0;
    if (!take_varint(atoms, &start) || !take_varint(atoms, &size))
        return atom_mark(ATOM_END);
    if (start > atoms->pool_size || size > atoms->pool_size - start)
        return atom_mark(ATOM_END);
    return atom_bytes(atoms->pool + start, (size_t)size);
}

struct atom atom_take(struct atoms *atoms)
{
    if (atoms->at >= atoms->end)
        return atom_mark(ATOM_END);
    enum atom_kind kind = *atoms->at++;
    uint64_t zigzag = 0;
    switch (kind) {
    case ATOM_BYTES:
        return take_bytes(atoms);
    case ATOM_INTEGER:
        take_varint(atoms, &zigzag);
        return atom_integer((int64_t)(zigzag >> 1 ^ (0 - (zigzag & 1))));
    default:
        return atom_mark(kind);
    }
}

struct atom atom_bytes(const void *bytes, size_t size)
{
    return (struct atom){.kind = ATOM_BYTES, .bytes = bytes, .size = size};
}

struct atom atom_text(const char *text)
{
    return atom_bytes(text, strlen(text));
}

struct atom atom_integer(int64_t integer)
{
    return (struct atom){.kind = ATOM_INTEGER, .integer = integer};
}

struct atom atom_bool(bool truth)
{
    return atom_mark(truth ? ATOM_TRUE : ATOM_FALSE);
}

struct atom atom_mark(enum atom_kind kind)
{
    return (struct atom){.kind = kind};
}

static bool same_bytes(struct atom one, const void *bytes, size_t size)
{
    return one.kind == ATOM_BYTES && one.size == size && (size == 0 || memcmp(one.bytes, bytes, size) == 0);
}

bool atom_is_text(struct atom atom, const char *text)
{
    return same_bytes(atom, text, strlen(text));
}

static bool same(struct atom one, struct atom other)
{
    if (one.kind != other.kind)
        return false;
    if (one.kind == ATOM_BYTES)
        return same_bytes(one, other.bytes, other.size);
    return one.kind != ATOM_INTEGER || one.integer == other.integer;
}

bool rows_read(struct rows *rows, const uint8_t *bytes, size_t size)
{
    uint64_t pool_size = 0;
    if (size < 4 || memcmp(bytes, "rows", 4) != 0)
        return false;
    struct atoms rest = {.at = bytes + 4, .end = bytes + size};
    if (!take_varint(&rest, &rows->left) || !take_varint(&rest, &pool_size))
        return false;
    if (pool_size > (size_t)(rest.end - rest.at))
        return false;
    rest.pool = (const char *)rest.at;
    rest.pool_size = (size_t)pool_size;
    rest.at += pool_size;
    rows->rest = rest;
    return true;
}

static void skip_to_end(struct atoms *atoms)
{
    while (atom_take(atoms).kind != ATOM_END) {
    }
}

bool rows_next(struct rows *rows, struct row *row)
{
    uint64_t size = 0;
    if (rows->left == 0)
        return false;
    if (!take_varint(&rows->rest, &size) || size > (size_t)(rows->rest.end - rows->rest.at))
        return false;
    struct atoms atoms = rows->rest;
    atoms.end = atoms.at + size;
    rows->rest.at += size;
    rows->left--;
    *row = (struct row){.id = atom_take(&atoms), .arguments = atoms};
    row->file = atom_take(&atoms);
    row->operation = atom_take(&atoms);
    row->arguments = atoms;
    skip_to_end(&atoms);
    row->expected = atoms;
    return row->operation.kind == ATOM_BYTES;
}

static void print_atom(struct atom atom)
{
    static const char *const names[] = {"nothing more", "null", "false", "true", "", "", "a list", "the end of the list"};
    switch (atom.kind) {
    case ATOM_BYTES:
        say("%u bytes:", (unsigned)atom.size);
        for (size_t at = 0; at < atom.size && at < 60; at++)
            say(" %02x", (unsigned)(uint8_t)atom.bytes[at]);
        break;
    case ATOM_INTEGER:
        say("%ld", (long)atom.integer);
        break;
    default:
        say("%s", names[atom.kind & 7]);
    }
}

/* Reports the row as failed, the first time only. */
static bool fails(struct row *row)
{
    if (row->failed)
        return false;
    row->failed = true;
    say("FAILED %.*s: ", (int)row->id.size, row->id.bytes);
    return true;
}

static void tell_atom(struct atom atom)
{
    static const char marks[] = " -ft  []";
    switch (atom.kind) {
    case ATOM_BYTES:
        say(" b");
        for (size_t at = 0; at < atom.size; at++)
            say("%02x", (unsigned)(uint8_t)atom.bytes[at]);
        break;
    case ATOM_INTEGER:
        say(" i%lld", (long long)atom.integer);
        break;
    default:
        say(" %c", marks[atom.kind & 7]);
    }
}

void row_refuse(struct row *row, const char *reason)
{
    if (fails(row))
        say("%s\n", reason);
}

void row_is(struct row *row, struct atom actual)
{
    if (rows_are_told) {
        tell_atom(actual);
        return;
    }
    if (!row->is_expected)
        return;
    struct atom expected = atom_take(&row->value);
    if (same(expected, actual))
        return;
    row->is_expected = false;
    if (fails(row)) {
        say("%.*s should be ", (int)row->path.size, row->path.bytes);
        print_atom(expected);
        say(", is ");
        print_atom(actual);
        say("\n");
    }
}

static void finish_value(struct row *row)
{
    row_is(row, atom_mark(ATOM_END));
    row->is_expected = false;
}

void row_field(struct row *row, const char *path)
{
    if (rows_are_told) {
        say("\nTOLD %s", path);
        return;
    }
    finish_value(row);
    struct atoms expected = row->expected;
    for (unsigned index = 0; expected.at < expected.end; index++) {
        struct atom name = atom_take(&expected);
        if (atom_is_text(name, path)) {
            row->seen |= (uint64_t)1 << index;
            row->path = name;
            row->value = expected;
            row->is_expected = true;
            return;
        }
        skip_to_end(&expected);
    }
    /* Other fields may have any value; an error that is not expected must have none. */
    if (strcmp(path, "error") == 0) {
        row->path = atom_text(path);
        row->value = expected;
        row->is_expected = true;
    }
}

void row_field_is(struct row *row, const char *path, struct atom actual)
{
    row_field(row, path);
    row_is(row, actual);
}

bool row_passed(struct row *row)
{
    if (rows_are_told) {
        say("\n");
        return !row->failed;
    }
    finish_value(row);
    struct atoms expected = row->expected;
    for (unsigned index = 0; expected.at < expected.end; index++) {
        struct atom path = atom_take(&expected);
        if ((row->seen & (uint64_t)1 << index) == 0 && fails(row))
            say("%.*s is missing\n", (int)path.size, path.bytes);
        skip_to_end(&expected);
    }
    return !row->failed;
}
