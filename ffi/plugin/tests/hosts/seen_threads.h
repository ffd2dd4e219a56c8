/*
 * ThreadSanitizer does not see threads that are created by C11's functions, as librdkafka does. Here they are threads of
 * POSIX. The program is linked with -rdynamic.
 */
#ifndef SEEN_THREADS_H
#define SEEN_THREADS_H

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <threads.h>

struct start {
    thrd_start_t function;
    void *argument;
};

static void *start_thread(void *opaque) {
    struct start start = *(struct start *)opaque;
    free(opaque);
    return (void *)(intptr_t)start.function(start.argument);
}

int thrd_create(thrd_t *thread, thrd_start_t function, void *argument) {
    struct start *start = malloc(sizeof(*start));
    start->function = function;
    start->argument = argument;
    return pthread_create(thread, NULL, start_thread, start) ? thrd_error : thrd_success;
}

int thrd_join(thrd_t thread, int *result) {
    void *returned;
    if (pthread_join(thread, &returned))
        return thrd_error;
    if (result)
        *result = (int)(intptr_t)returned;
    return thrd_success;
}

#endif
