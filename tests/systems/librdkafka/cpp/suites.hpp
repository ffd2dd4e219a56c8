/* The C++ suites; each adds its failed checks to `failures`. */
#ifndef SUITES_HPP
#define SUITES_HPP

void values_suite();
void adapters_suite();
void produce_cpp_suite();
void example_cpp_suite();

/* Runs the suite with this name. Returns the count of failed checks so far, or -1 if there is no such suite. */
extern "C" int run_cpp_suite(const char *name);

#endif
