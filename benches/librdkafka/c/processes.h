/* Processes that answer through a pipe, and counters that they share. */
#ifndef PROCESSES_H
#define PROCESSES_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct process {
    pid_t id;
    /* The end of the pipe from which its answer is read. */
    int answer;
};

/* Starts a process that runs `work` with the pipe for its answer, and then ends. Returns 0 on success. */
int process_start(struct process *process, void (*work)(int answer, void *argument), void *argument);

/* Reads its answer of exactly this size. Returns 0 on success. */
int process_read(const struct process *process, void *answer, size_t size);

/* Answers, or ends the process. */
void process_answer(int answer, const void *bytes, size_t size);

/* Ends the process if `is_waiting`, and waits for its end. Returns 0 if it succeeded or was ended here. */
int process_end(const struct process *process, int is_waiting);

/* Counters of 0 that later processes share; NULL if they cannot be created. */
uint64_t *shared_counts_new(size_t count);
void shared_counts_free(uint64_t *counts, size_t count);

/* The user and system time of this process with all its threads, in nanoseconds. */
uint64_t processor_time(void);

/* The processor time of this thread, in nanoseconds. */
uint64_t thread_time(void);

/* A monotonic clock, in nanoseconds. */
uint64_t monotonic_time(void);

#endif
