/*
 * tracebaton_plugin.h: what a program, if it can be changed after all, may tell the plugin.
 *
 * The plugin is a shared object that librdkafka loads; see README.md beside this file. A program finds these functions
 * in it with dlopen() and dlsym(), or with the like of Python's ctypes.
 */
#ifndef TRACEBATON_PLUGIN_H
#define TRACEBATON_PLUGIN_H

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @brief Sets the context that the records which this thread produces from now on are given, if they have none (W4).
 *
 * It replaces the one of the record that this thread consumed last, and is replaced by that of the next, unless
 * `tracebaton.forward` is `set`. The values are copied, and forwarded as they are (W5).
 *
 * @param traceparent Value of a traceparent header, ending with a NUL; NULL is none.
 * @param tracestate  Value of a tracestate header, likewise.
 * @param baggage     Value of a baggage header, likewise.
 *
 * @returns 0; 1 if there is no traceparent: then records are given the baggage alone, if any. Negative: a value was
 *          refused, and which rule it breaks (the statuses of tracebaton.h), or -3 if a traceparent of a higher version
 *          has more than 8192 bytes; then this thread has no context (W6).
 */
int tracebaton_plugin_set_current(const char *traceparent, const char *tracestate, const char *baggage);

/** @brief Forgets the context of this thread: the records that it produces are left alone until it has another. */
void tracebaton_plugin_clear(void);

#ifdef __cplusplus
}
#endif

#endif /* TRACEBATON_PLUGIN_H */
