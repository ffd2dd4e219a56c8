/* The contexts to forward: a copy for each thread, and one from the environment. */
#ifndef TRACEBATON_PLUGIN_FORWARDED_H
#define TRACEBATON_PLUGIN_FORWARDED_H

#include <tracebaton.h>

#include "clients.h"

/* A context to forward. */
struct forwarded_context {
    tracebaton_injection_t injection; /* In W3C: byte for byte if it came so. It borrows the bytes of the context. */
    tracebaton_context_t context;
    tracebaton_sampling_t sampling; /* The decision, if it came in another format. */
};

/*
 * The context for a record that this thread produces; NULL if there is none. Valid until the thread's next call in this
 * file.
 */
const struct forwarded_context *forwarded_by(const struct client *producer);

/* Replaces the context of this thread by the context of a consumed record. NULL means that the program has set it. */
void forwarded_remember(const tracebaton_extracted_t *received, struct client *consumer);

/* The same for a parent in another format than W3C, and for a record without a parent. */
void forwarded_remember_choice(const tracebaton_choice_t *received, struct client *consumer);

/* Clears the context of this thread. */
void forwarded_forget(void);

/* Clears the context of this thread, unless the program has set it. */
void forwarded_forget_consumed(void);

/**
 * Reads TRACEPARENT, TRACESTATE and BAGGAGE on the first call. Returns 1 if they are valid or absent, and on every later
 * call. Returns 0 and fills `error` if one of them is refused.
 */
int forwarded_read_environment(char *error, size_t error_size);

#endif
