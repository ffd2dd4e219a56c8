/* The suites as a program in C and C++, for an installed librdkafka and librdkafka++. */
#include <librdkafka/rdkafka.h>

#include <iostream>

#include "suites.hpp"

extern "C" {
#include "suites.h"
}

int main(int argc, char **argv) {
    bool failed = false;
    std::cout << "librdkafka " << rd_kafka_version_str() << '\n';
    for (int i = 1; i < argc; i++) {
        int failures = run_suite(argv[i]);
        if (failures < 0)
            failures = run_cpp_suite(argv[i]);
        std::cout << argv[i] << ": " << failures << " checks failed\n";
        failed |= failures != 0;
    }
    return failed ? 1 : 0;
}
