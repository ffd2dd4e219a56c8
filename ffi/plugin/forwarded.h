/* The contexts to forward: a copy for each thread, and one from the environment. */
#ifndef TRACEBATON_PLUGIN_FORWARDED_H
#define TRACEBATON_PLUGIN_FORWARDED_H

#include <tracebaton.h>

#include "clients.h"

/* A context that is forwarded. */
struct forwarded_context {
    tracebaton_injection_t injection; /* In W3C: byte for byte if it came so. It borrows the bytes of the context. */
    tracebaton_context_t context;
    tracebaton_sampling_t sampling; /* The decision, if it came in another format. */
};

/* What this thread adds to a record of this producer; NULL if nothing. Valid until the thread calls another function here. */
const struct forwarded_context *forwarded_by(const struct client *producer);

/* Replaces the context of this thread by the context of a consumed record. NULL means that the program has set it. */
void forwarded_remember(const tracebaton_extracted_t *received, struct client *consumer);

/* The same by a parent that arrived in another format than W3C's, and by a record without one. */
void forwarded_remember_choice(const tracebaton_choice_t *received, struct client *consumer);

/* Forgets what this thread forwards. */
void forwarded_forget(void);

/* Clears the context of this thread, unless the program has set it. */
void forwarded_forget_consumed(void);

/**
 * Reads TRACEPARENT, TRACESTATE and BAGGAGE on the first call. Returns 1 if they are valid or absent, and on every later
 * call. Returns 0 and fills `error` if one of them is refused.
 */
int forwarded_read_environment(char *error, size_t error_size);

#endif
