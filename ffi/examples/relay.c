/*
 * A relay: forwards a record byte for byte, and adds no span. Its headers are a list of its own. A program with arrays of
 * tracebaton_header_t calls tracebaton_headers_extract() and tracebaton_headers_inject() instead.
 *
 * Prints what it sends and what it does not change:
 *
 *     tenant: 7
 *     traceparent: cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-09-what-comes-next
 *     baggage: user=Am%C3%A9lie
 *     inject if absent: kept
 *     trace only: baggage stays
 *     baggage only: traceparent stays
 *     stripped: 0 headers
 *     joined: tenant=7,region=eu
 */
#include <stdio.h>
#include <string.h>
#include <tracebaton.h>

/* A list type that no library knows. Its strings end with a NUL. */
struct element {
    const char *name, *value;
    const struct element *next;
};

static void extract(const struct element *list, tracebaton_extracted_t *extracted) {
    tracebaton_reader_t reader = {0};
    for (; list; list = list->next)
        tracebaton_reader_add(&reader, list->name, strlen(list->name), list->value, strlen(list->value));
    tracebaton_reader_finish(&reader, extracted);
}

static void pass_on(const struct element *list) {
    tracebaton_header_t added[TRACEBATON_MAX_HEADERS];
    tracebaton_extracted_t extracted;
    tracebaton_injection_t injection;
    size_t i, count;

    extract(list, &extracted);
    tracebaton_injection_forward(&extracted, &injection);
    for (; list; list = list->next)
        if (!tracebaton_injection_replaces(&injection, list->name, strlen(list->name)))
            printf("%s: %s\n", list->name, list->value);
    count = tracebaton_injection_headers(&injection, added);
    for (i = 0; i < count; i++)
        printf("%s: %.*s\n", added[i].name, (int)added[i].value_size, (const char *)added[i].value);
}

/* The context of the record's creator is kept, and headers that an injection does not carry are not changed. */
static void leave_alone(void) {
    tracebaton_header_t headers[8] = {{"TraceParent", 11, "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", 55}};
    tracebaton_extracted_t extracted;
    tracebaton_injection_t whole, trace, baggage;
    size_t count = 1;

    tracebaton_headers_extract(headers, count, &extracted);
    tracebaton_injection_prepare(&extracted.context, &whole);
    if (tracebaton_headers_inject_if_absent(&whole, headers, &count, 8) == TRACEBATON_KEPT)
        printf("inject if absent: kept\n");

    trace = baggage = whole;
    tracebaton_injection_trace_context_only(&trace);
    tracebaton_injection_baggage_only(&baggage);
    if (!tracebaton_injection_replaces(&trace, "baggage", 7))
        printf("trace only: baggage stays\n");
    if (tracebaton_header_name_of("TRACEPARENT", 11) == TRACEBATON_NAME_TRACEPARENT &&
        !tracebaton_injection_replaces(&baggage, "TRACEPARENT", 11))
        printf("baggage only: traceparent stays\n");

    tracebaton_headers_strip(headers, &count);
    printf("stripped: %lu headers\n", (unsigned long)count);
}

/* A bridge copied two HTTP fields to two headers. */
static void join(void) {
    static char joined[TRACEBATON_JOINED_SIZE];
    const tracebaton_header_t headers[] = {{"Baggage", 7, "tenant=7", 8}, {"Baggage", 7, "region=eu", 9}};
    tracebaton_extracted_t extracted;

    tracebaton_headers_extract_joined(headers, 2, joined, sizeof(joined), &extracted);
    printf("joined: %.*s\n", (int)extracted.context.baggage_size, extracted.context.baggage);
}

int main(void) {
    const struct element tenant = {"tenant", "7", NULL};
    const struct element state = {"tracestate", "what nobody can read", &tenant};
    const struct element baggage = {"Baggage", "user=Am%C3%A9lie", &state};
    const struct element parent = {
        "traceparent", "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-09-what-comes-next", &baggage};
    pass_on(&parent);
    leave_alone();
    join();
    return 0;
}
