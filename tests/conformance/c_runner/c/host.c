/* The runner as a library on the host. */

#include "run.h"

#include <stdarg.h>
#include <stdio.h>

static char text[1 << 20];
static size_t used;

void say(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int size = vsnprintf(text + used, sizeof text - used, format, arguments);
    va_end(arguments);
    if (size > 0)
        used += (size_t)size < sizeof text - used ? (size_t)size : sizeof text - used - 1;
}

/* The report, or what was told. The next call overwrites it. */
const char *run_on_host(const uint8_t *packed, size_t size, bool is_told, bool *good)
{
    used = 0;
    text[0] = '\0';
    rows_are_told = is_told;
    *good = run_rows(packed, size);
    return text;
}
