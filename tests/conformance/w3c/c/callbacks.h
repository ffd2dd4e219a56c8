/* Trace headers of the callbacks of one request, made with the C library alone. */
#ifndef TRACEBATON_TEST_W3C_CALLBACKS_H
#define TRACEBATON_TEST_W3C_CALLBACKS_H

#include "tracebaton.h"

/* Receives one header of the callback with this number, from 0. Its bytes are valid during the call. */
typedef void w3c_send(void *callbacks, size_t callback, const tracebaton_header_t *header);

/*
 * Starts this service's span as a child of the one in `received`, or as a root if it has none. Calls `send` with the headers
 * of each of `count` callbacks, which have a span id each.
 *
 * Returns NULL, or a failure as a string that lives as long as the program.
 */
const char *w3c_callbacks(const tracebaton_header_t *received, size_t received_count, size_t count, w3c_send *send,
                          void *callbacks);

#endif
