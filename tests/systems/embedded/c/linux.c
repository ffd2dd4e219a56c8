/* Runs packed rows from the standard input on Linux. The exit status reports whether all passed. */

#include "run.h"

#include <stdarg.h>
#include <stdio.h>

void say(const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
}

int main(void)
{
    static uint8_t rows[2 << 20];
    return !run_rows(rows, fread(rows, 1, sizeof rows, stdin));
}
