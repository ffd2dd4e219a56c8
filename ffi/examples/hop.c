/*
 * A hop: reads the context of a consumed record, and writes the context of this service's span for the produced record.
 *
 * Prints:
 *
 *     tenant: 7
 *     traceparent: 00-0af7651916cd43dd8448eb211c80319c-b9c7c989f97918e1-01
 */
#include <stdio.h>
#include <tracebaton.h>

int main(void) {
    tracebaton_header_t headers[8] = {
        {TRACEBATON_STR("tenant"), TRACEBATON_STR("7")},
        {TRACEBATON_STR("traceparent"), TRACEBATON_STR("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")}};
    size_t i, count = 2, capacity = 8;
    tracebaton_extracted_t received;
    tracebaton_context_t span;
    tracebaton_injection_t injection;
    /* A service makes its ids from random bytes, with tracebaton_trace_id_generate() and tracebaton_span_id_generate(). */
    const tracebaton_trace_id_t trace_id = {{0x4b, 0xf9, 0x2f, 0x35, 0x77, 0xb3, 0x4d, 0xa6}};
    const tracebaton_span_id_t span_id = {{0xb9, 0xc7, 0xc9, 0x89, 0xf9, 0x79, 0x18, 0xe1}};
    /* A service with a sampler passes its decision instead of TRACEBATON_FLAG_SAMPLED. */
    const uint8_t flags = TRACEBATON_FLAG_SAMPLED | TRACEBATON_FLAG_RANDOM;

    tracebaton_headers_extract(headers, count, &received); // never fails on bytes: each header gets a verdict
    if (tracebaton_context_child_or_root(&received.context, &trace_id, &span_id, flags, &span) < 0)
        return 1; // an id is all zeros
    tracebaton_injection_prepare(&span, &injection);
    if (tracebaton_headers_inject(&injection, headers, &count, capacity) == TRACEBATON_HEADERS_FULL)
        fprintf(stderr, "no room: sent without the context\n");

    for (i = 0; i < count; i++)
        printf("%.*s: %.*s\n", (int)headers[i].name_size, headers[i].name, (int)headers[i].value_size,
            (const char *)headers[i].value);
    return 0;
}
