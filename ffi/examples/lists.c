/*
 * Reads and changes the two lists: a tracestate, which belongs to vendors, and a baggage, which belongs to the application.
 * The first change copies the list into your buffer, and the context points to it from then on. Later changes change it
 * there, so each list needs one buffer.
 *
 * Prints:
 *
 *     rojo says 1
 *     ours=on,rojo=1,congo=2
 *     ours=on,rojo=1
 *     ours=on,rojo=1
 *     tenant=7
 *     user=Amélie
 *       ttl is 30
 *       vip
 *     1 malformed
 *     user=Am%C3%A9lie;ttl=30;vip
 *     user=Am%C3%A9lie;ttl=30;vip,region=eu
 *     region=eu,note=a%2C%20b;by=me
 */
#include <stdio.h>
#include <string.h>
#include <tracebaton.h>

static void print(const char *text, size_t size) {
    printf("%.*s\n", (int)size, text);
}

/* 8192 bytes are large enough for every result. The buffers must live as long as the context. */
static char states[TRACEBATON_TRACESTATE_MAX_SIZE], values[TRACEBATON_BAGGAGE_MAX_SIZE];
static char built[TRACEBATON_BAGGAGE_MAX_SIZE];

static void tracestate(tracebaton_context_t *context) {
    tracebaton_tracestate_member_t member;
    tracebaton_cursor_t cursor = {0};
    const char *comma = "";

    if (tracebaton_tracestate_get(context, "rojo", 4, &member) == TRACEBATON_OK)
        printf("rojo says %.*s\n", (int)member.value_size, member.value);
    if (tracebaton_tracestate_insert(context, "ours", 4, "on", 2, states, sizeof(states)) == TRACEBATON_OK)
        print(context->tracestate, context->tracestate_size);
    if (tracebaton_tracestate_delete(context, "congo", 5, states, sizeof(states)) == TRACEBATON_OK)
        print(context->tracestate, context->tracestate_size);
    tracebaton_tracestate_truncate(context, TRACEBATON_TRACESTATE_MIN_PROPAGATED, states, sizeof(states));
    while (tracebaton_tracestate_next(context, &cursor, &member) == TRACEBATON_OK) {
        printf("%s%.*s=%.*s", comma, (int)member.key_size, member.key, (int)member.value_size, member.value);
        comma = ",";
    }
    printf("\n");
}

static void properties(const tracebaton_baggage_member_t *member) {
    tracebaton_baggage_property_t property;
    tracebaton_cursor_t cursor = {0};
    char value[64];
    size_t size;
    while (tracebaton_baggage_property_next(member, &cursor, &property) == TRACEBATON_OK) {
        printf("  %.*s", (int)property.key_size, property.key);
        if (tracebaton_baggage_property_value(&property, value, sizeof(value), &size) == TRACEBATON_OK)
            printf(" is %.*s", (int)size, value);
        printf("\n");
    }
}

static void baggage(tracebaton_context_t *context) {
    static const tracebaton_baggage_entry_t entries[] = {
        {"region", 6, "eu", 2, 0, {0}}, {"note", 4, "a, b", 4, 0, {0}}, {"by", 2, "me", 2, 1, {0}}};
    tracebaton_baggage_member_t member;
    tracebaton_cursor_t cursor = {0};
    char value[64];
    size_t size;

    while (tracebaton_baggage_next(context, &cursor, &member) == TRACEBATON_OK) {
        tracebaton_baggage_value(&member, value, sizeof(value), &size);
        printf("%.*s=%.*s\n", (int)member.key_size, member.key, (int)size, value);
        properties(&member);
    }
    printf("%lu malformed\n", (unsigned long)cursor.skipped);

    if (tracebaton_baggage_remove(context, "tenant", 6, values, sizeof(values)) == TRACEBATON_OK)
        print(context->baggage, context->baggage_size);
    if (tracebaton_baggage_set(context, "region", 6, "eu", 2, values, sizeof(values)) == TRACEBATON_OK)
        print(context->baggage, context->baggage_size);
    if (tracebaton_baggage_build(context, entries, 3, built, sizeof(built)) == TRACEBATON_OK)
        print(context->baggage, context->baggage_size);
}

int main(void) {
    static const tracebaton_header_t headers[] = {
        {"traceparent", 11, "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", 55},
        {"tracestate", 10, "rojo=1, congo=2", 15},
        {"baggage", 7, "tenant=7, no member, user=Am%C3%A9lie;ttl=30;vip", 48}};
    tracebaton_extracted_t received;
    tracebaton_headers_extract(headers, 3, &received);
    tracestate(&received.context);
    baggage(&received.context);
    return 0;
}
