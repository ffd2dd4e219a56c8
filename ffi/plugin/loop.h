/* Detects threads that handle one record at a time: consume one, produce one, consume the next. */
#ifndef TRACEBATON_PLUGIN_LOOP_H
#define TRACEBATON_PLUGIN_LOOP_H

#include "clients.h"

/* Call it for each record that the thread consumes. */
void loop_consume(struct client *consumer);

/* Call it for each record that the thread produces. */
void loop_produce(void);

/* Whether the next record that the thread produces certainly comes from the record that it consumed last. */
int loop_holds(void);

/* Forgets the records that the thread has consumed and produced. */
void loop_reset(void);

#endif
