/* A hop: what a service does to the headers of a record between consuming it and producing the next. */
#include <stdio.h>
#include <tracebaton.h>

int main(void) {
    tracebaton_header_t headers[8] = {{"tenant", 6, "7", 1},
        {"traceparent", 11, "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", 55}};
    const uint8_t span_id[8] = {0xb9, 0xc7, 0xc9, 0x89, 0xf9, 0x79, 0x18, 0xe1}; /* random in real life */
    size_t count = 2, i;
    tracebaton_extracted_t received;
    tracebaton_context_t span;
    tracebaton_injection_t injection;

    tracebaton_extract(headers, count, &received);
    tracebaton_child(&received.context, span_id, &span);
    tracebaton_injection(&span, &injection);
    tracebaton_inject(&injection, headers, &count, 8);

    for (i = 0; i < count; i++)
        printf("%.*s: %.*s\n", (int)headers[i].name_size, headers[i].name, (int)headers[i].value_size,
            (const char *)headers[i].value);
    return 0;
}
