#include "suites.h"

#include "check.h"

#include <string.h>

int failures;

static const struct {
    const char *name;
    void (*run)(void);
} suites[] = {
    {"headers", headers_suite}, {"inject", inject_suite}, {"produce", produce_suite},
    {"hops", hops_suite},       {"many", many_suite},     {"queue_time", queue_time_suite},
    {"records", records_suite}, {"formats", formats_suite}, {"example", example_suite},
};

int run_suite(const char *name) {
    size_t i;
    for (i = 0; i < COUNT(suites); i++)
        if (!strcmp(suites[i].name, name)) {
            suites[i].run();
            return failures;
        }
    return -1;
}
