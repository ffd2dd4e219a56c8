#include "forwarded.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "tracebaton_plugin.h"

/* A version 00 has 55 bytes; a higher one may have any number, and is given as much room as the others. */
#define TRACEPARENT_MAX_SIZE 8192

struct forwarded {
    tracebaton_injection_t injection; /* Borrows the bytes below; zeros are nothing. */
    char traceparent[TRACEPARENT_MAX_SIZE];
    char tracestate[TRACEBATON_TRACESTATE_MAX_SIZE];
    char baggage[TRACEBATON_BAGGAGE_MAX_SIZE];
};

static __thread struct forwarded thread;
static struct forwarded environment;

static const tracebaton_injection_t *injection_of(const struct forwarded *forwarded) {
    const tracebaton_injection_t *injection = &forwarded->injection;
    return injection->traceparent_size || injection->baggage_size ? injection : NULL;
}

static void forget(struct forwarded *forwarded) { memset(&forwarded->injection, 0, sizeof(forwarded->injection)); }

/* Copies a value that fits into its place; one that does not is no header, since a part of it would be another. */
static void copy(tracebaton_reader_t *copies, const char *name, char *place, size_t capacity, const char *value,
                 size_t size) {
    if (size == 0 || size > capacity)
        return;
    memcpy(place, value, size);
    tracebaton_reader_add(copies, name, strlen(name), place, size);
}

static void own(struct forwarded *forwarded, const tracebaton_extracted_t *received) {
    const tracebaton_context_t *context = &received->context;
    tracebaton_reader_t copies = {{0}, {0}, {0}, 0};
    tracebaton_extracted_t owned;
    copy(&copies, "traceparent", forwarded->traceparent, sizeof(forwarded->traceparent), received->traceparent_value,
         received->traceparent_value_size);
    copy(&copies, "tracestate", forwarded->tracestate, sizeof(forwarded->tracestate), context->tracestate,
         context->tracestate_size);
    copy(&copies, "baggage", forwarded->baggage, sizeof(forwarded->baggage), context->baggage, context->baggage_size);
    tracebaton_reader_finish(&copies, &owned);
    if (tracebaton_injection_forward(&owned, &forwarded->injection) < 0)
        forget(forwarded);
}

const tracebaton_injection_t *forwarded_by_thread(void) { return injection_of(&thread); }

void forwarded_remember(const tracebaton_extracted_t *received) {
    if (received->traceparent_value || received->context.baggage_size)
        own(&thread, received);
    else
        forget(&thread);
}

/* Reads three values that end with a NUL; the status of the first that is refused, or of all. */
static tracebaton_status_t extract(const char *const values[3], tracebaton_extracted_t *extracted) {
    static const char *const names[3] = {"traceparent", "tracestate", "baggage"};
    tracebaton_reader_t given = {{0}, {0}, {0}, 0};
    tracebaton_status_t status;
    size_t i;
    for (i = 0; i < 3; i++)
        tracebaton_reader_add(&given, names[i], strlen(names[i]), values[i], values[i] ? strlen(values[i]) : 0);
    status = tracebaton_reader_finish(&given, extracted);
    if (extracted->traceparent.status < 0)
        return extracted->traceparent.status;
    if (extracted->tracestate.status < 0)
        return extracted->tracestate.status;
    return extracted->baggage.status < 0 ? extracted->baggage.status : status;
}

__attribute__((visibility("default"))) int tracebaton_plugin_set_current(const char *traceparent, const char *tracestate,
                                                                         const char *baggage) {
    const char *values[3];
    tracebaton_extracted_t extracted;
    tracebaton_status_t status;
    values[0] = traceparent;
    values[1] = tracestate;
    values[2] = baggage;
    status = extract(values, &extracted);
    if (status >= 0 && extracted.traceparent_value_size > TRACEPARENT_MAX_SIZE)
        status = TRACEBATON_HEADERS_FULL;
    if (status < 0)
        forget(&thread);
    else
        forwarded_remember(&extracted);
    return status;
}

__attribute__((visibility("default"))) void tracebaton_plugin_clear(void) { forget(&thread); }

static void read_environment(void) {
    const char *values[3];
    tracebaton_extracted_t extracted;
    values[0] = getenv("TRACEPARENT");
    values[1] = getenv("TRACESTATE");
    values[2] = getenv("BAGGAGE");
    extract(values, &extracted);
    own(&environment, &extracted);
}

void forwarded_read_environment(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, read_environment);
}

const tracebaton_injection_t *forwarded_by_environment(void) { return injection_of(&environment); }
