/*
 * tracebaton_plugin.h: functions of the plugin for programs that can be changed a little.
 *
 * The plugin is a shared object that librdkafka loads; see README.md in this folder. A program finds these functions in it
 * with dlopen() and dlsym(), or with Python's ctypes and similar modules.
 */
#ifndef TRACEBATON_PLUGIN_H
#define TRACEBATON_PLUGIN_H

#ifdef __cplusplus
extern "C" {
#endif

/**
 * @brief Sets the context for the records that this thread produces from now on, unless they have a context of their own.
 *
 * It replaces the context of the record that this thread consumed last. It is in use until one of these events:
 *
 *  - The thread consumes a record from a client whose \c tracebaton.forward is \c loop or \c consumed.
 *  - This function or tracebaton_plugin_clear() is called.
 *  - The process forks; then it ends in the child.
 *
 * The values are copied and forwarded byte for byte.
 *
 * @param traceparent Value of a traceparent header, ending with a NUL. May be NULL for no traceparent.
 * @param tracestate  Value of a tracestate header, ending with a NUL. May be NULL for no tracestate.
 * @param baggage     Value of a baggage header, ending with a NUL. May be NULL for no baggage.
 *
 * @returns 0, or 1 if there is no traceparent: then records get only the baggage, if there is one. Negative: a value was
 *          refused, and the thread then has no context. The status is the rule that the value breaks (see tracebaton.h), or
 *          -3 if a traceparent of a higher version has more than 8192 bytes.
 */
int tracebaton_plugin_set_current(const char *traceparent, const char *tracestate, const char *baggage);

/** @brief Clears the context of this thread. The plugin does not change its records until the thread has another context. */
void tracebaton_plugin_clear(void);

#ifdef __cplusplus
}
#endif

#endif /* TRACEBATON_PLUGIN_H */
