/* The trace headers of the callbacks of one request, made with the C library alone. */
#ifndef TRACEBATON_TEST_W3C_CALLBACKS_H
#define TRACEBATON_TEST_W3C_CALLBACKS_H

#include "tracebaton.h"

/* Receives one header of the callback with this number, counted from 0. The header is valid during the call. */
typedef void w3c_send(void *callbacks, size_t callback, const tracebaton_header_t *header);

/*
 * Begins this service's span, and calls `send` with each header of each of `count` callbacks. Every callback has a span
 * id of its own.
 *
 * The span is a child of the one in `received`, or begins a new trace if there is none.
 *
 * Returns NULL, or an error as a string that lives as long as the program.
 */
const char *w3c_callbacks(const tracebaton_header_t *received, size_t received_count, size_t count, w3c_send *send,
                          void *callbacks);

#endif
