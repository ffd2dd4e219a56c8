#include "formats.h"

#include <stdio.h>
#include <string.h>

#define BITS 4
#define AT(place, format) ((format_order_t)(format) << (BITS * (place)))

const format_order_t readable_formats =
    AT(0, TRACEBATON_FORMAT_TRACECONTEXT) | AT(1, TRACEBATON_FORMAT_B3) | AT(2, TRACEBATON_FORMAT_B3MULTI) |
    AT(3, TRACEBATON_FORMAT_JAEGER) | AT(4, TRACEBATON_FORMAT_DATADOG) | AT(5, TRACEBATON_FORMAT_ELASTIC) |
    AT(6, TRACEBATON_FORMAT_INSTANA) | AT(7, TRACEBATON_FORMAT_XRAY);
const format_order_t writable_formats =
    AT(0, TRACEBATON_FORMAT_TRACECONTEXT) | AT(1, TRACEBATON_FORMAT_B3) | AT(2, TRACEBATON_FORMAT_B3MULTI) |
    AT(3, TRACEBATON_FORMAT_JAEGER) | AT(4, TRACEBATON_FORMAT_DATADOG) | AT(5, TRACEBATON_FORMAT_INSTANA);

static int has(format_order_t order, tracebaton_format_t format) {
    for (; order; order >>= BITS)
        if ((tracebaton_format_t)(order & ((1 << BITS) - 1)) == format)
            return 1;
    return 0;
}

size_t formats_unpack(format_order_t order, tracebaton_format_t formats[TRACEBATON_MAX_READABLE_FORMATS]) {
    size_t count;
    for (count = 0; order; order >>= BITS)
        formats[count++] = (tracebaton_format_t)(order & ((1 << BITS) - 1));
    return count;
}

static void refuse(const char *property, const char *name, size_t size, format_order_t allowed, char *error,
                   size_t error_size) {
    tracebaton_format_t formats[TRACEBATON_MAX_READABLE_FORMATS];
    const size_t count = formats_unpack(allowed, formats);
    const int shown = size > 64 ? 64 : (int)size;
    size_t i, end = (size_t)snprintf(error, error_size, "%s: \"%.*s\" is not one of", property, shown, name);
    for (i = 0; i < count && end < error_size; i++)
        end += (size_t)snprintf(error + end, error_size - end, "%s %s", i ? "," : "", tracebaton_format_name(formats[i]));
}

format_order_t formats_parse(const char *property, const char *value, format_order_t allowed, char *error,
                             size_t error_size) {
    format_order_t order = 0;
    unsigned place = 0;
    const char *name = value;
    for (;;) {
        size_t size = strcspn(name, ",");
        const char *next = name + size;
        tracebaton_format_t format;
        for (; size > 0 && *name == ' '; name++)
            size--;
        while (size > 0 && name[size - 1] == ' ')
            size--;
        format = tracebaton_format_of_name(name, size);
        if (!has(allowed, format)) {
            refuse(property, name, size, allowed, error, error_size);
            return 0;
        }
        if (has(order, format)) {
            snprintf(error, error_size, "%s: \"%.*s\" is there twice", property, (int)size, name);
            return 0;
        }
        order |= AT(place++, format);
        if (*next == '\0')
            return order;
        name = next + 1;
    }
}
