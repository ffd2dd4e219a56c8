/* Whether a thread handles one record at a time. */
#ifndef TRACEBATON_PLUGIN_LOOP_H
#define TRACEBATON_PLUGIN_LOOP_H

#include "clients.h"

/* To be called for each record that the thread consumes: whether what the thread produces next surely comes from it. */
int loop_consume(struct client *consumer);

/* To be called for each record that the thread produces. */
void loop_produce(void);

/* Forgets what the thread has consumed and produced. */
void loop_reset(void);

#endif
