/* Processes that answer through a pipe, and a counter that they share. */
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

/* Starts a process that runs `work` and ends. `work` gets the pipe for its answer. Returns 0 on success. */
int process_start(struct process *process, void (*work)(int answer, void *argument), void *argument);

/* Reads an answer of exactly this size. Returns 0 on success. */
int process_read(const struct process *process, void *answer, size_t size);

/* Writes an answer, or ends the process. */
void process_answer(int answer, const void *bytes, size_t size);

/* Ends the process if `is_waiting`, and waits for its end. Returns 0 if it succeeded or was ended. */
int process_end(const struct process *process, int is_waiting);

/* Makes a counter of zero that processes started later share. Returns NULL on failure. */
uint64_t *shared_count_new(void);
void shared_count_free(uint64_t *count);

/* Processor time of this process and all its threads, user and system together, in nanoseconds. */
uint64_t processor_time(void);

/* Processor time of this thread, in nanoseconds. */
uint64_t thread_time(void);

/* A monotonic clock, in nanoseconds. */
uint64_t monotonic_time(void);

#endif
