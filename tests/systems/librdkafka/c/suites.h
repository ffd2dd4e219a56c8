/* The suites; each adds its failed checks to `failures`. */
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

/* Runs the suite with this name. Returns the count of failed checks so far, or -1 if there is no such suite. */
int run_suite(const char *name);

#endif
