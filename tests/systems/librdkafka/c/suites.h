/* The suites: each adds to `failures` what does not hold. */
#ifndef SUITES_H
#define SUITES_H

void headers_suite(void);
void inject_suite(void);
void produce_suite(void);
void hops_suite(void);
void records_suite(void);
void many_suite(void);
void queue_time_suite(void);
void formats_suite(void);
void example_suite(void);

/* Runs the suite of this name; how many checks have failed so far, or -1 if there is none. */
int run_suite(const char *name);

#endif
