/* What the callbacks of one request carry, decided with the C library alone. */
#ifndef TRACEBATON_TEST_W3C_CALLBACKS_H
#define TRACEBATON_TEST_W3C_CALLBACKS_H

#include "tracebaton.h"

/* Takes one header of the callback with this number, counted from 0; its bytes are good during the call. */
typedef void w3c_send(void *callbacks, size_t callback, const tracebaton_header_t *header);

/*
 * Begins this service's span below the one that `received` names, or in a new trace if it names none, and gives `send`
 * the headers of each of `count` callbacks, which have a span id of their own.
 *
 * Returns NULL, or what went wrong as a string that lives as long as the program.
 */
const char *w3c_callbacks(const tracebaton_header_t *received, size_t received_count, size_t count, w3c_send *send,
                          void *callbacks);

#endif
