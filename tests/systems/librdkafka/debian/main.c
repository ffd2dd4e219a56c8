/* The suites as a pure C program, for an installed librdkafka. */
#include <librdkafka/rdkafka.h>
#include <stdio.h>

#include "suites.h"

int main(int argc, char **argv) {
    int i, failed = 0;
    printf("librdkafka %s\n", rd_kafka_version_str());
    for (i = 1; i < argc; i++) {
        int failures = run_suite(argv[i]);
        printf("%s: %d checks failed\n", argv[i], failures);
        failed |= failures != 0;
    }
    return failed;
}
