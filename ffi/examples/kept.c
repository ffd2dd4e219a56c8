/*
 * Contexts that outlive their record: of a message that waits for a retry, and as links of a span that processes a batch.
 *
 * Prints:
 *
 *     the retry needs 17 bytes
 *     retried with tenant=7 and rojo=1
 *     in 8 bytes: tracestate of 6, baggage of 0
 *     in 4 bytes: tracestate of 0, baggage of 0
 *     2 links, 1 dropped
 *     00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01 rojo=1
 *     00-0af7651916cd43dd8448eb211c80319c-00f067aa0ba902b7-01 congo=2
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <tracebaton.h>

#define TRACE "00-0af7651916cd43dd8448eb211c80319c-"

/* A message that exists only until this function returns. */
static tracebaton_status_t received(const char *parent_id, const char *state, tracebaton_context_t *kept, char **memory) {
    char traceparent[56], tracestate[16];
    const tracebaton_header_t headers[] = {
        {"traceparent", 11, traceparent, 55}, {"tracestate", 10, tracestate, strlen(state)}, {"baggage", 7, " tenant=7, ", 11}};
    tracebaton_extracted_t extracted;
    size_t size;

    snprintf(traceparent, sizeof(traceparent), TRACE "%s-01", parent_id);
    snprintf(tracestate, sizeof(tracestate), "%s", state);
    tracebaton_headers_extract(headers, 3, &extracted);
    /* The assignment *kept = extracted.context would keep pointers to this function's variables. */
    size = tracebaton_context_copy_size(&extracted.context);
    *memory = malloc(size > 0 ? size : 1);
    if (*memory == NULL)
        return TRACEBATON_BUFFER_TOO_SMALL;
    return tracebaton_context_copy(&extracted.context, *memory, size, kept);
}

/* Keeps what fits: drops the baggage, then the tracestate. The ids and flags are in the struct and always fit. */
static tracebaton_status_t keep(tracebaton_context_t context, char *texts, size_t capacity, tracebaton_context_t *kept) {
    tracebaton_status_t status = tracebaton_context_copy(&context, texts, capacity, kept);
    if (status == TRACEBATON_BUFFER_TOO_SMALL) {
        context.baggage = NULL;
        context.baggage_size = 0;
        status = tracebaton_context_copy(&context, texts, capacity, kept);
    }
    if (status == TRACEBATON_BUFFER_TOO_SMALL) {
        context.tracestate = NULL;
        context.tracestate_size = 0;
        status = tracebaton_context_copy(&context, texts, capacity, kept);
    }
    return status;
}

static int print_kept(const tracebaton_context_t *context, size_t capacity) {
    tracebaton_context_t kept;
    char texts[8];
    if (keep(*context, texts, capacity, &kept) != TRACEBATON_OK || memcmp(&kept.span_id, &context->span_id, 8) != 0)
        return 0;
    printf("in %lu bytes: tracestate of %lu, baggage of %lu\n", (unsigned long)capacity, (unsigned long)kept.tracestate_size,
           (unsigned long)kept.baggage_size);
    return 1;
}

int main(void) {
    static const char *const records[][2] = {{"b7ad6b7169203331", "rojo=1"}, {"00f067aa0ba902b7", "congo=2"},
        {"b7ad6b7169203331", "rojo=1"}, {"b9c7c989f97918e1", ""}};
    tracebaton_context_t array[2], kept;
    tracebaton_baggage_member_t tenant;
    tracebaton_links_t links;
    char tracestates[64], traceparent[TRACEBATON_TRACEPARENT_SIZE], *memory;
    size_t i;

    if (received("b7ad6b7169203331", "rojo=1", &kept, &memory) != TRACEBATON_OK)
        return 1;
    printf("the retry needs %lu bytes\n", (unsigned long)tracebaton_context_copy_size(&kept));
    if (tracebaton_baggage_get(&kept, "tenant", 6, &tenant) == TRACEBATON_OK)
        printf("retried with %.*s and %.*s\n", (int)tenant.member_size, tenant.member, (int)kept.tracestate_size, kept.tracestate);
    if (!print_kept(&kept, 8) || !print_kept(&kept, 4))
        return 1;
    free(memory);

    /* Only distinct spans are kept; spans without room are counted. */
    tracebaton_links_start(array, 2, tracestates, sizeof(tracestates), &links);
    for (i = 0; i < sizeof(records) / sizeof(records[0]); i++) {
        if (received(records[i][0], records[i][1], &kept, &memory) != TRACEBATON_OK)
            return 1;
        if (tracebaton_links_add(&links, &kept) < 0)
            return 1;
        free(memory);
    }
    printf("%lu links, %lu dropped\n", (unsigned long)links.link_count, (unsigned long)links.dropped);
    for (i = 0; i < links.link_count; i++) {
        tracebaton_traceparent_format(&links.links[i], traceparent);
        printf("%.*s %.*s\n", (int)sizeof(traceparent), traceparent, (int)links.links[i].tracestate_size,
            links.links[i].tracestate);
    }
    return 0;
}
