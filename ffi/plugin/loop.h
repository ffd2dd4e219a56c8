/* Whether a thread handles one record at a time: consumes one, produces one, consumes the next. */
#ifndef TRACEBATON_PLUGIN_LOOP_H
#define TRACEBATON_PLUGIN_LOOP_H

#include "clients.h"

/* To be called for each record that the thread consumes. */
void loop_consume(struct client *consumer);

/* To be called for each record that the thread produces. */
void loop_produce(void);

/* Whether what the thread produces next, or now, comes from the record that it consumed last. */
int loop_holds(void);

/* Forgets what the thread has consumed and produced. */
void loop_reset(void);

#endif
