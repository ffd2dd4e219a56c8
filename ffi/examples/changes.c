/*
 * Several changes of a tracestate and of a baggage, in one buffer each. The first change copies the received list into
 * the buffer, and the context points there from then on; the others change it there. lists.c has every function by itself.
 *
 * Prints:
 *
 *     ours=on,rojo=1
 *     user=Am%C3%A9lie;vip,region=eu,tenant=7
 *     0 bytes of baggage
 */
#include <stdio.h>
#include <tracebaton.h>

/* The buffers must live as long as the context. A change that fails leaves the context unchanged. */
static tracebaton_status_t change(tracebaton_context_t *span, char *state, size_t state_size, char *baggage, size_t size) {
    tracebaton_status_t status;
    if ((status = tracebaton_tracestate_delete(span, TRACEBATON_STR("congo"), state, state_size)) < 0 ||
        (status = tracebaton_tracestate_insert(span, TRACEBATON_STR("ours"), TRACEBATON_STR("on"), state, state_size)) < 0 ||
        (status = tracebaton_baggage_remove(span, TRACEBATON_STR("card"), baggage, size)) < 0 ||
        (status = tracebaton_baggage_set(span, TRACEBATON_STR("region"), TRACEBATON_STR("eu"), baggage, size)) < 0 ||
        (status = tracebaton_baggage_set(span, TRACEBATON_STR("tenant"), TRACEBATON_STR("7"), baggage, size)) < 0)
        fprintf(stderr, "%s\n", tracebaton_status_message(status));
    return status;
}

/* Before a record leaves, in a context with a span: no baggage is better than the private member. */
static void keep_private(tracebaton_context_t *span, char *baggage, size_t size) {
    if (tracebaton_baggage_remove(span, TRACEBATON_STR("card"), baggage, size) < 0) {
        span->baggage = NULL;
        span->baggage_size = 0;
    }
}

int main(void) {
    static const tracebaton_header_t headers[] = {
        {"traceparent", 11, "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", 55},
        {"tracestate", 10, "rojo=1,congo=2", 14},
        {"baggage", 7, "tenant=6,user=Am%C3%A9lie;vip,card=1", 36}};
    char state[TRACEBATON_TRACESTATE_MAX_SIZE], baggage[TRACEBATON_BAGGAGE_MAX_SIZE]; /* room for every result */
    tracebaton_extracted_t received;
    tracebaton_context_t *span = &received.context;
    tracebaton_headers_extract(headers, 3, &received);
    if (change(span, state, sizeof(state), baggage, sizeof(baggage)) < 0)
        return 1;
    printf("%.*s\n%.*s\n", (int)span->tracestate_size, span->tracestate, (int)span->baggage_size, span->baggage);
    tracebaton_headers_extract(headers, 3, &received);
    keep_private(span, baggage, 4); /* this buffer is too small */
    printf("%d bytes of baggage\n", (int)span->baggage_size);
    return 0;
}
