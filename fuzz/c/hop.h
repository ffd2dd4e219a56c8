/*
 * The input of the harnesses: two records and the changes made between them, in the form described in
 * fuzz/properties/src/hop.rs, so that both share seeds. Each part is an object of exactly its size, guarded by
 * AddressSanitizer.
 */
#ifndef HOP_H
#define HOP_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "tracebaton.h"

/* Ends the process if a property does not hold. */
#define CHECK(condition)                                                                                               \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);                                            \
            abort();                                                                                                   \
        }                                                                                                              \
    } while (0)

enum { HOP_MOST_HEADERS = 300, HOP_LONGEST = 10000, HOP_MOST_OBJECTS = 4096 };

typedef struct hop_record {
    tracebaton_header_t *headers;
    size_t count;
} hop_record;

typedef struct hop_text {
    char *data;
    size_t size;
} hop_text;

typedef struct hop {
    uint8_t part; /* the part of the harness that runs; 0 is all of them */
    tracebaton_span_id_t span_id;
    uint8_t choice;
    uint8_t room;
    uint16_t size;
    hop_text key, value;
    hop_record source, target;

    const uint8_t *input;
    size_t left;
    void *objects[HOP_MOST_OBJECTS]; /* to be freed */
    size_t object_count;
} hop;

/* An object of this size, which lives until hop_free(). If the size is 0, not even the first byte may be touched. */
static inline void *hop_room(hop *of, size_t size) {
    void *object = malloc(size);
    CHECK(of->object_count < HOP_MOST_OBJECTS);
    CHECK(object != NULL);
    of->objects[of->object_count++] = object;
    return object;
}

static inline void hop_free(hop *of) {
    while (of->object_count > 0)
        free(of->objects[--of->object_count]);
}

static inline void hop_take(hop *of, void *to, size_t size) {
    const size_t there = size < of->left ? size : of->left;
    memset(to, 0, size);
    if (there > 0)
        memcpy(to, of->input, there);
    of->input += there;
    of->left -= there;
}

static inline uint8_t hop_byte(hop *of) {
    uint8_t byte;
    hop_take(of, &byte, 1);
    return byte;
}

static inline uint16_t hop_number(hop *of) {
    const uint16_t low = hop_byte(of);
    return (uint16_t)(low | hop_byte(of) << 8);
}

static inline hop_text hop_bytes(hop *of, size_t size) {
    hop_text text;
    text.size = size < of->left ? size : of->left;
    text.data = (char *)hop_room(of, text.size);
    hop_take(of, text.data, text.size);
    return text;
}

static inline hop_text hop_short_text(hop *of) {
    const size_t size = hop_byte(of);
    return hop_bytes(of, size == 255 ? size + hop_byte(of) : size);
}

static inline hop_text hop_name(hop *of, unsigned kind) {
    static const char *const own[] = {"traceparent", "tracestate", "baggage"};
    static const char *const almost[] = {"traceparen", "traceparentt", " traceparent", "trace-parent", "baggag", ""};
    hop_text name;
    if (kind == 5)
        return hop_short_text(of);
    const unsigned which = kind < 3 ? kind : hop_byte(of);
    const char *const text = kind == 4 ? almost[which % 6] : own[which % 3];
    const unsigned upper = kind == 3 ? hop_number(of) : 0;
    name.size = strlen(text);
    name.data = (char *)hop_room(of, name.size);
    for (size_t i = 0; i < name.size; i++)
        name.data[i] = (char)(upper >> i & 1 ? text[i] - 0x20 : text[i]);
    return name;
}

static inline hop_text hop_repeated(hop *of) {
    const size_t wanted = hop_number(of);
    const hop_text once = hop_short_text(of), rest = hop_short_text(of);
    const size_t most = HOP_LONGEST / (once.size > 0 ? once.size : 1);
    const size_t times = wanted < most ? wanted : most;
    hop_text text;
    text.size = times * once.size + rest.size;
    text.data = (char *)hop_room(of, text.size);
    for (size_t i = 0; i < text.size; i++)
        text.data[i] = i < times * once.size ? once.data[i % once.size] : rest.data[i - times * once.size];
    return text;
}

static inline hop_text hop_traceparent(hop *of) {
    uint8_t fields[26];
    char digits[56];
    hop_take(of, fields, sizeof fields);
    const hop_text rest = hop_short_text(of);
    char *end = digits;
    for (size_t i = 0; i < sizeof fields; i++)
        end += sprintf(end, "%s%02x", i == 1 || i == 17 || i == 25 ? "-" : "", fields[i]);
    hop_text text;
    text.size = 55 + rest.size;
    text.data = (char *)hop_room(of, text.size);
    memcpy(text.data, digits, 55);
    if (rest.size > 0)
        memcpy(text.data + 55, rest.data, rest.size);
    return text;
}

static inline hop_text hop_value(hop *of) {
    hop_text value = {NULL, 0};
    switch (hop_byte(of) % 5) {
    case 0:
        return value;
    case 1:
        return hop_bytes(of, 0);
    case 2:
        return hop_bytes(of, hop_number(of));
    case 3:
        return hop_traceparent(of);
    default:
        return hop_repeated(of);
    }
}

static inline hop_record hop_headers(hop *of) {
    static tracebaton_header_t headers[HOP_MOST_HEADERS];
    hop_record record = {headers, 0};
    for (unsigned wanted = hop_byte(of); wanted > 0 && of->left > 0 && record.count < HOP_MOST_HEADERS; wanted--) {
        const unsigned kind = hop_byte(of) % 7;
        if (kind == 6) {
            for (unsigned times = hop_byte(of); times > 0 && record.count > 0 && record.count < HOP_MOST_HEADERS; times--) {
                record.headers[record.count] = record.headers[record.count - 1];
                record.count++;
            }
            continue;
        }
        const hop_text name = hop_name(of, kind), value = hop_value(of);
        const tracebaton_header_t header = {name.data, name.size, value.data, value.size};
        record.headers[record.count++] = header;
    }
    const size_t size = record.count * sizeof *record.headers;
    record.headers = (tracebaton_header_t *)hop_room(of, size);
    if (size > 0)
        memcpy(record.headers, headers, size);
    return record;
}

static inline void hop_read(hop *of, const uint8_t *input, size_t size) {
    of->object_count = 0;
    of->input = input;
    of->left = size;
    of->part = hop_byte(of);
    hop_take(of, of->span_id.bytes, sizeof of->span_id);
    of->choice = hop_byte(of);
    of->room = hop_byte(of);
    of->size = hop_number(of);
    of->key = hop_short_text(of);
    of->value = hop_short_text(of);
    of->source = hop_headers(of);
    of->target = hop_headers(of);
}

typedef void hop_part(hop *of);

/* Runs the part that the input selects, or all of them, and frees the objects. */
static inline int hop_run(const uint8_t *input, size_t size, hop_part *const *parts, size_t count) {
    static hop of;
    hop_read(&of, input, size);
    for (size_t i = 0; i < count; i++)
        if (of.part == 0 || (of.part - 1) % count == i)
            parts[i](&of);
    hop_free(&of);
    return 0;
}

#ifdef __cplusplus
extern "C" {
#endif

size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);

/* A mutated input runs one part, which is several times faster than all: the part of the input before, or another one. */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned number) {
    const size_t changed = LLVMFuzzerMutate(data, size, max_size);
    if (changed > 0 && (data[0] == 0 || number % 8 == 0))
        data[0] = (uint8_t)(1 + number / 8 % 255);
    return changed;
}

#ifdef __cplusplus
}
#endif

#endif /* HOP_H */
