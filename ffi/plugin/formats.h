/* Lists of formats, such as "tracecontext,b3", as the properties of the plugin have them. */
#ifndef TRACEBATON_PLUGIN_FORMATS_H
#define TRACEBATON_PLUGIN_FORMATS_H

#include <stddef.h>
#include <stdint.h>

#include <tracebaton.h>

/* A sequence of formats in one number that fits into a pointer: four bits for each, the first in the lowest; 0 ends it. */
typedef uint32_t format_order_t;

/* Those that name a parent, and those that can be written. Baggage is forwarded in any case, and is none of either. */
extern const format_order_t readable_formats, writable_formats;

/*
 * Reads the value of a property: names of `allowed` formats between commas, with spaces around them. 0, and what is wrong in
 * `error`, if a name is none of those, comes twice or is missing.
 */
format_order_t formats_parse(const char *property, const char *value, format_order_t allowed, char *error, size_t error_size);

/* As an array; returns how many. */
size_t formats_unpack(format_order_t order, tracebaton_format_t formats[TRACEBATON_MAX_READABLE_FORMATS]);

#endif
