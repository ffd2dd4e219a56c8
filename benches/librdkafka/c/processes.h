/* Processes that answer through a pipe, and a count that they share. */
#ifndef PROCESSES_H
#define PROCESSES_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct process {
    pid_t id;
    /* The end of the pipe that its answer is read from. */
    int answer;
};

/* Starts a process that runs `work` and ends; `work` gets the pipe to answer through. 0 if it could. */
int process_start(struct process *process, void (*work)(int answer, void *argument), void *argument);

/* Its answer of exactly this size; 0 if it gave one. */
int process_read(const struct process *process, void *answer, size_t size);

/* Answers, or ends the process. */
void process_answer(int answer, const void *bytes, size_t size);

/* Ends it if `is_waiting`, and waits for its end; 0 if it ended well, or was ended. */
int process_end(const struct process *process, int is_waiting);

/* A count of zero that processes started later share; NULL if there is none. */
uint64_t *shared_count_new(void);
void shared_count_free(uint64_t *count);

/* What this process and all its threads have used, user and system time together, in nanoseconds. */
uint64_t processor_time(void);

/* What this thread has used, in nanoseconds. */
uint64_t thread_time(void);

/* A clock that never goes back, in nanoseconds. */
uint64_t monotonic_time(void);

#endif
