/* Runs the main function of an example with the mock cluster. */
#ifndef EXAMPLE_H
#define EXAMPLE_H

#include "kafka.h"
#include "lists.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef int (*example_main)(int argc, char **argv);

void check_example(example_main run);

#ifdef __cplusplus
}
#endif

#endif
