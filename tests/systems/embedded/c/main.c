/* Runs the packed rows that the host placed beside this program. The exit status reports whether all passed. */

#include "run.h"

#include <stdarg.h>
#include <stdio.h>

/* Symbols of the linker script: the first byte of the rows, and one whose address is the size of the rows. */
extern const uint8_t _rows[];
extern const uint8_t _rows_size[];

void say(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
}

int main(void)
{
    return !run_rows(_rows, (size_t)_rows_size);
}
