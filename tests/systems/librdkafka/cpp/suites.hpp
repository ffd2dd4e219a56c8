/* The suites in C++: each adds to `failures` what does not hold. */
#ifndef SUITES_HPP
#define SUITES_HPP

void values_suite();
void adapters_suite();
void produce_cpp_suite();
void example_cpp_suite();

/* Runs the suite of this name; how many checks have failed so far, or -1 if there is none. */
extern "C" int run_cpp_suite(const char *name);

#endif
