/* The works in C. Each loop repeats its work over the inputs and leaves the last output. */

#include "inputs.h"

#include <string.h>

typedef struct {
    tracebaton_context_t context;
    text key;
    text value;
} update;

typedef struct {
    text keys[3];
    char values[3][64];
    size_t sizes[3];
    size_t count;
} three_members;

typedef struct {
    char value[TRACEBATON_TRACEPARENT_SIZE];
} traceparent;

/* Keeps the compiler from removing the output. */
#define LOOP(name, input_type, output_type)                                                                  \
    void name(const input_type *inputs, size_t count, uint64_t rounds, output_type *output);                  \
    static inline void name##_once(const input_type *input, output_type *output);                             \
    void name(const input_type *inputs, size_t count, uint64_t rounds, output_type *output) {                 \
        size_t next = 0;                                                                                      \
        for (; rounds > 0; rounds--) {                                                                        \
            name##_once(&inputs[next], output);                                                               \
            __asm__ volatile("" : : "r"(output) : "memory");                                                  \
            next = next + 1 == count ? 0 : next + 1;                                                          \
        }                                                                                                     \
    }                                                                                                         \
    static inline void name##_once(const input_type *input, output_type *output)

LOOP(parse_in_c, text, tracebaton_context_t) {
    tracebaton_traceparent_parse(input->bytes, input->size, output);
}

LOOP(format_in_c, tracebaton_context_t, traceparent) {
    tracebaton_traceparent_format(input, output->value);
}

LOOP(extract_in_c, record, tracebaton_extracted_t) {
    tracebaton_headers_extract(input->headers, input->count, output);
}

LOOP(forward_in_c, record, tracebaton_injection_t) {
    tracebaton_extracted_t extracted;
    tracebaton_headers_extract(input->headers, input->count, &extracted);
    tracebaton_injection_forward(&extracted, output);
}

LOOP(inject_in_c, tracebaton_context_t, written) {
    tracebaton_injection_t injection;
    tracebaton_header_t headers[TRACEBATON_MAX_HEADERS];
    size_t count;

    tracebaton_injection_prepare(input, &injection);
    count = tracebaton_injection_headers(&injection, headers);
    output->size = 0;
    for (size_t next = 0; next < count; next++) {
        memcpy(output->bytes + output->size, headers[next].value, headers[next].value_size);
        output->size += headers[next].value_size;
    }
}

LOOP(inject_by_reference_in_c, tracebaton_context_t, tracebaton_injection_t) {
    tracebaton_header_t headers[TRACEBATON_MAX_HEADERS];
    size_t count = 0;

    tracebaton_injection_prepare(input, output);
    tracebaton_headers_inject(output, headers, &count, TRACEBATON_MAX_HEADERS);
    __asm__ volatile("" : : "r"(headers), "r"(count) : "memory");
}

LOOP(read_baggage_in_c, tracebaton_context_t, three_members) {
    tracebaton_cursor_t cursor = {0};
    tracebaton_baggage_member_t member;

    for (output->count = 0; output->count < 3; output->count++) {
        if (tracebaton_baggage_next(input, &cursor, &member) != TRACEBATON_OK)
            return;
        output->keys[output->count].bytes = member.key;
        output->keys[output->count].size = member.key_size;
        tracebaton_baggage_value(&member, output->values[output->count], sizeof output->values[0],
                                 &output->sizes[output->count]);
    }
}

LOOP(build_baggage_in_c, three_entries, written) {
    tracebaton_context_t context = {0};

    tracebaton_baggage_build(&context, input->entries, 3, output->bytes, sizeof output->bytes);
    output->size = context.baggage_size;
}

LOOP(update_member_in_c, update, written) {
    tracebaton_context_t context = input->context;

    tracebaton_tracestate_insert(&context, input->key.bytes, input->key.size, input->value.bytes,
                                 input->value.size, output->bytes, sizeof output->bytes);
    output->size = context.tracestate_size;
}

LOOP(update_and_delete_in_c, update, written) {
    tracebaton_context_t context = input->context;

    tracebaton_tracestate_insert(&context, input->key.bytes, input->key.size, input->value.bytes,
                                 input->value.size, output->bytes, sizeof output->bytes);
    tracebaton_tracestate_delete(&context, TRACEBATON_STR("key9"), output->bytes, sizeof output->bytes);
    output->size = context.tracestate_size;
}

LOOP(copy_in_c, tracebaton_context_t, written) {
    tracebaton_context_t copy;

    tracebaton_context_copy(input, output->bytes, sizeof output->bytes, &copy);
    output->size = copy.tracestate_size;
}
