#include "forwarded.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "loop.h"
#include "tracebaton_plugin.h"

/* A traceparent of version 00 has 55 bytes. A higher version may have any number, so it gets the same room as the others. */
#define TRACEPARENT_MAX_SIZE 8192

struct forwarded {
    struct forwarded_context its; /* Borrows the bytes below; zeros if there is no context. */
    struct client *consumer;      /* Consumer of the record; NULL if the program has set the context. */
    unsigned long generation;     /* Of that client. */
    char traceparent[TRACEPARENT_MAX_SIZE];
    char tracestate[TRACEBATON_TRACESTATE_MAX_SIZE];
    char baggage[TRACEBATON_BAGGAGE_MAX_SIZE];
};

static __thread struct forwarded thread;
static struct forwarded environment;

static int is_empty(const struct forwarded *forwarded) {
    return !forwarded->its.injection.traceparent_size && !forwarded->its.injection.baggage_size;
}

static void forget(struct forwarded *forwarded) {
    memset(&forwarded->its, 0, sizeof(forwarded->its));
    forwarded->consumer = NULL;
}

/*
 * Copies a value that fits into its buffer. A value that does not fit counts as absent: a part of it would be another
 * value.
 */
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
    forwarded->its.context = owned.context;
    forwarded->its.sampling = TRACEBATON_SAMPLING_NONE;
    if (tracebaton_injection_forward(&owned, &forwarded->its.injection) < 0)
        forget(forwarded);
}

/* The texts of a context are never longer than their buffers. */
static void own_context(struct forwarded *forwarded, const tracebaton_context_t *context) {
    tracebaton_context_t *own = &forwarded->its.context;
    *own = *context;
    own->tracestate = memcpy(forwarded->tracestate, context->tracestate_size ? context->tracestate : "", context->tracestate_size);
    own->baggage = memcpy(forwarded->baggage, context->baggage_size ? context->baggage : "", context->baggage_size);
    if (tracebaton_injection_prepare(own, &forwarded->its.injection) < 0)
        forget(forwarded);
}

static void set_consumer(struct client *consumer) {
    thread.consumer = consumer;
    thread.generation = consumer ? consumer->generation : 0;
}

void forwarded_remember(const tracebaton_extracted_t *received, struct client *consumer) {
    forwarded_forget();
    if (!received->traceparent_value && !received->context.baggage_size)
        return;
    own(&thread, received);
    set_consumer(consumer);
}

void forwarded_remember_choice(const tracebaton_choice_t *received, struct client *consumer) {
    forwarded_forget();
    if (received->arrived_as == TRACEBATON_FORMAT_NONE && !received->context.baggage_size)
        return;
    own_context(&thread, &received->context);
    thread.its.sampling = received->sampling;
    set_consumer(consumer);
}

void forwarded_forget(void) { forget(&thread); }

void forwarded_forget_consumed(void) {
    if (thread.consumer)
        forget(&thread);
}

/* Whether the context belongs to the record that the thread handles now. */
static int is_current(const struct forwarded *forwarded) {
    return client_is_open(forwarded->consumer, forwarded->generation) &&
           (forwarded->consumer->forward == FORWARD_CONSUMED || loop_holds());
}

const struct forwarded_context *forwarded_by(const struct client *producer) {
    const struct forwarded *forwarded = producer->forward == FORWARD_ENVIRONMENT ? &environment : &thread;
    if (producer->forward == FORWARD_NONE || is_empty(forwarded))
        return NULL;
    if (forwarded->consumer && (producer->forward == FORWARD_SET || !is_current(forwarded)))
        return NULL;
    return &forwarded->its;
}

/* Which of the three values is refused or too long, and why; 3 if none is. */
static size_t refused(const tracebaton_extracted_t *extracted, tracebaton_verdict_t *verdict) {
    const tracebaton_verdict_t verdicts[3] = {extracted->traceparent, extracted->tracestate, extracted->baggage};
    size_t i;
    for (i = 0; i < 3; i++) {
        *verdict = verdicts[i];
        if (verdict->status < 0)
            return i;
    }
    if (extracted->traceparent_value_size <= TRACEPARENT_MAX_SIZE)
        return 3;
    verdict->status = TRACEBATON_HEADERS_FULL;
    verdict->offset = TRACEPARENT_MAX_SIZE;
    return 0;
}

/* Reads three values that end with a NUL. */
static tracebaton_status_t extract(const char *const values[3], tracebaton_extracted_t *extracted) {
    static const char *const names[3] = {"traceparent", "tracestate", "baggage"};
    tracebaton_reader_t given = {{0}, {0}, {0}, 0};
    size_t i;
    for (i = 0; i < 3; i++)
        tracebaton_reader_add(&given, names[i], strlen(names[i]), values[i], values[i] ? strlen(values[i]) : 0);
    return tracebaton_reader_finish(&given, extracted);
}

__attribute__((visibility("default"))) int tracebaton_plugin_set_current(const char *traceparent, const char *tracestate,
                                                                         const char *baggage) {
    const char *values[3];
    tracebaton_extracted_t extracted;
    tracebaton_verdict_t verdict;
    tracebaton_status_t status;
    values[0] = traceparent;
    values[1] = tracestate;
    values[2] = baggage;
    status = extract(values, &extracted);
    if (refused(&extracted, &verdict) < 3) {
        forwarded_forget();
        return verdict.status;
    }
    forwarded_remember(&extracted, NULL);
    return status;
}

__attribute__((visibility("default"))) void tracebaton_plugin_clear(void) { forwarded_forget(); }

int forwarded_read_environment(char *error, size_t error_size) {
    static const char *const names[3] = {"TRACEPARENT", "TRACESTATE", "BAGGAGE"};
    static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
    static int is_read;
    const char *values[3];
    tracebaton_extracted_t extracted;
    tracebaton_verdict_t verdict;
    size_t i, which = 3;
    pthread_mutex_lock(&lock);
    if (!is_read) {
        for (i = 0; i < 3; i++)
            values[i] = getenv(names[i]);
        extract(values, &extracted);
        own(&environment, &extracted);
        which = refused(&extracted, &verdict);
    }
    is_read = 1;
    pthread_mutex_unlock(&lock);
    if (which < 3)
        snprintf(error, error_size, "tracebaton: %s is not forwarded: %s, at byte %zu", names[which],
                 which == 0 && verdict.status == TRACEBATON_HEADERS_FULL ? "it has more than 8192 bytes"
                                                                         : tracebaton_status_message(verdict.status),
                 (size_t)verdict.offset);
    return which == 3;
}
