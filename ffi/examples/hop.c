/* A hop: what a service does to the headers of a record between consuming it and producing the next. */
#include <stdio.h>
#include <tracebaton.h>

int main(void) {
    tracebaton_header_t headers[8] = {{"tenant", 6, "7", 1},
        {"traceparent", 11, "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", 55}};
    /* A service makes its ids from random bytes: tracebaton_trace_id_generate(), tracebaton_span_id_generate(). */
    const tracebaton_trace_id_t trace_id = {{0x4b, 0xf9, 0x2f, 0x35, 0x77, 0xb3, 0x4d, 0xa6, 0xa3, 0xce, 0x92, 0x9d, 0x0e, 0x0e, 0x47, 0x36}};
    const tracebaton_span_id_t span_id = {{0xb9, 0xc7, 0xc9, 0x89, 0xf9, 0x79, 0x18, 0xe1}};
    const uint8_t flags = TRACEBATON_FLAG_SAMPLED | TRACEBATON_FLAG_RANDOM;
    size_t count = 2, i;
    tracebaton_extracted_t received;
    tracebaton_context_t span;
    tracebaton_injection_t injection;

    tracebaton_headers_extract(headers, count, &received);
    if (tracebaton_context_child_or_root(&received.context, &trace_id, &span_id, flags, &span) < 0 ||
        tracebaton_injection_prepare(&span, &injection) < 0 ||
        tracebaton_headers_inject(&injection, headers, &count, 8) < 0)
        return 1;

    for (i = 0; i < count; i++)
        printf("%.*s: %.*s\n", (int)headers[i].name_size, headers[i].name, (int)headers[i].value_size,
            (const char *)headers[i].value);
    return 0;
}
