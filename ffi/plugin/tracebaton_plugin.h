/*
 * tracebaton_plugin.h: what a program can tell the plugin, if it can be changed after all.
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
 * @brief Sets the context of the records that this thread produces from now on, unless they have one of their own.
 *
 * It replaces the context of the record that this thread consumed last. It lasts until the thread consumes the next record
 * from a client whose \c tracebaton.forward is \c loop or \c consumed, until this function or tracebaton_plugin_clear() is
 * called, or until the process forks, in the child. The values are copied, and forwarded byte for byte.
 *
 * @param traceparent Value of a traceparent header, ending with a NUL. May be NULL: there is none.
 * @param tracestate  Value of a tracestate header, likewise.
 * @param baggage     Value of a baggage header, likewise.
 *
 * @returns 0; 1 if there is no traceparent: then records get the baggage alone, if any. Negative: a value was refused, and
 *          which rule it breaks (the statuses of tracebaton.h), or -3 if a traceparent of a higher version has more than
 *          8192 bytes; then this thread has no context.
 */
int tracebaton_plugin_set_current(const char *traceparent, const char *tracestate, const char *baggage);

/** @brief Forgets the context of this thread. The plugin leaves the records that it produces alone until it has another. */
void tracebaton_plugin_clear(void);

#ifdef __cplusplus
}
#endif

#endif /* TRACEBATON_PLUGIN_H */
