#include "processes.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

int process_start(struct process *process, void (*work)(int answer, void *argument), void *argument) {
    int ends[2];
    if (pipe(ends))
        return -1;
    process->id = fork();
    if (process->id == 0) {
        close(ends[0]);
        work(ends[1], argument);
        _exit(0);
    }
    close(ends[1]);
    process->answer = ends[0];
    return process->id < 0 ? -1 : 0;
}

int process_read(const struct process *process, void *answer, size_t size) {
    char *bytes = (char *)answer;
    while (size > 0) {
        const ssize_t count = read(process->answer, bytes, size);
        if (count <= 0) {
            if (count < 0 && errno == EINTR)
                continue;
            return -1;
        }
        bytes += count;
        size -= (size_t)count;
    }
    return 0;
}

void process_answer(int answer, const void *bytes, size_t size) {
    if (write(answer, bytes, size) != (ssize_t)size)
        _exit(2);
}

int process_end(const struct process *process, int is_waiting) {
    int status = 0;
    close(process->answer);
    if (is_waiting)
        kill(process->id, SIGTERM);
    while (waitpid(process->id, &status, 0) < 0)
        if (errno != EINTR)
            return -1;
    return is_waiting || (WIFEXITED(status) && WEXITSTATUS(status) == 0) ? 0 : -1;
}

uint64_t *shared_counts_new(size_t count) {
    void *counts = mmap(NULL, count * sizeof(uint64_t), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    return counts == MAP_FAILED ? NULL : (uint64_t *)counts;
}

void shared_counts_free(uint64_t *counts, size_t count) {
    munmap(counts, count * sizeof(uint64_t));
}

static uint64_t nanoseconds(struct timeval time) {
    return (uint64_t)time.tv_sec * 1000000000U + (uint64_t)time.tv_usec * 1000U;
}

uint64_t processor_time(void) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return nanoseconds(usage.ru_utime) + nanoseconds(usage.ru_stime);
}

static uint64_t clock_time(clockid_t clock) {
    struct timespec time;
    clock_gettime(clock, &time);
    return (uint64_t)time.tv_sec * 1000000000U + (uint64_t)time.tv_nsec;
}

uint64_t thread_time(void) {
    return clock_time(CLOCK_THREAD_CPUTIME_ID);
}

uint64_t monotonic_time(void) {
    return clock_time(CLOCK_MONOTONIC);
}
