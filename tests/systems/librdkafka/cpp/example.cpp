/* ffi/examples/rdkafka_hop.cpp, on records with and without a context. */
#define main hop_main
#include "../../../../ffi/examples/rdkafka_hop.cpp"
#undef main

#include "example.h"
#include "suites.hpp"

static int run(int argc, char **argv) { return hop_main(argc, argv); }

void example_cpp_suite() { check_example(run); }
