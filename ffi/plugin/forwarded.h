/* The contexts that are forwarded, in memory of their own: one a thread, and one of the environment. */
#ifndef TRACEBATON_PLUGIN_FORWARDED_H
#define TRACEBATON_PLUGIN_FORWARDED_H

#include <tracebaton.h>

/* What this thread forwards; NULL if nothing. Good until this thread calls another function of these. */
const tracebaton_injection_t *forwarded_by_thread(void);

/* Makes what was accepted of a record that which this thread forwards. */
void forwarded_remember(const tracebaton_extracted_t *received);

/* What the variables TRACEPARENT, TRACESTATE and BAGGAGE say; NULL if nothing. */
const tracebaton_injection_t *forwarded_by_environment(void);

/* Reads these variables, the first time that it is called. */
void forwarded_read_environment(void);

#endif
