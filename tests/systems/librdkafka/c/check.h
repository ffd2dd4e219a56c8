/* Checks that count failures and continue, so that a failed row does not hide the rows after it. */
#ifndef CHECK_H
#define CHECK_H

#include <stdio.h>

/* How many checks failed in this suite. */
extern int failures;

#define CHECK(row, condition)                                                                        \
    do {                                                                                             \
        if (!(condition)) {                                                                          \
            failures++;                                                                              \
            fprintf(stderr, "%s:%d: %s: %s\n", __FILE__, __LINE__, (row), #condition);               \
        }                                                                                            \
    } while (0)

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

#endif
