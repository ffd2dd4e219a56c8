#include "suites.hpp"

#include <string_view>

#include "check.h"

static const struct {
    std::string_view name;
    void (*run)();
} suites[] = {{"values", values_suite}, {"adapters", adapters_suite}, {"produce_cpp", produce_cpp_suite}, {"example_cpp", example_cpp_suite}};

int run_cpp_suite(const char *name) {
    for (const auto &suite : suites)
        if (suite.name == name) {
            suite.run();
            return failures;
        }
    return -1;
}
