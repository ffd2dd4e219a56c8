/* The glue alone, with librdkafka lists; only the hop needs a broker. */
#ifndef GLUE_H
#define GLUE_H

#include <stdint.h>

enum { GLUE_EXTRACT, GLUE_INJECT, GLUE_HOP, GLUE_STRIP };

/* Repeats a work with changing ids; returns a sum of its results. `used` is processor time in nanoseconds. */
uint64_t glue_run(int work, uint64_t times, uint64_t *used);

#endif
