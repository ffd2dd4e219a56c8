/* The inputs and outputs that the loops in C and in C++ share. */
#ifndef INPUTS_H
#define INPUTS_H

#include <tracebaton.h>

typedef struct {
    const char *bytes;
    size_t size;
} text;

typedef struct {
    const tracebaton_header_t *headers;
    size_t count;
} record;

typedef struct {
    char bytes[1024];
    size_t size;
} written;

typedef struct {
    tracebaton_baggage_entry_t entries[3];
} three_entries;

#endif
