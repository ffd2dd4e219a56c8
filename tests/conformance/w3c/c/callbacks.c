#define _DEFAULT_SOURCE /* getentropy */

#include "callbacks.h"

#include <stddef.h>
#include <sys/random.h>
#include <unistd.h>

static const char NO_RANDOMNESS[] = "the system gave no random bytes";

/* The error, or NULL. */
static const char *error(tracebaton_status_t status)
{
    return status < 0 ? tracebaton_status_message(status) : NULL;
}

static const char *new_span_id(tracebaton_span_id_t *span_id)
{
    tracebaton_span_id_random_t random;

    if (getentropy(&random, sizeof random) != 0)
        return NO_RANDOMNESS;
    return error(tracebaton_span_id_generate(&random, span_id));
}

static const char *new_trace_id(tracebaton_trace_id_t *trace_id)
{
    tracebaton_trace_id_random_t random;

    if (getentropy(&random, sizeof random) != 0)
        return NO_RANDOMNESS;
    return error(tracebaton_trace_id_generate(&random, trace_id));
}

static const char *begin_span(const tracebaton_context_t *received, tracebaton_context_t *span)
{
    tracebaton_trace_id_t trace_id;
    tracebaton_span_id_t span_id;
    const char *problem = new_span_id(&span_id);

    if (problem != NULL)
        return problem;
    problem = new_trace_id(&trace_id);
    if (problem != NULL)
        return problem;
    return error(tracebaton_context_child_or_root(received, &trace_id, &span_id,
                                                  TRACEBATON_FLAG_SAMPLED | TRACEBATON_FLAG_RANDOM, span));
}

static const char *call(const tracebaton_context_t *span, size_t callback, w3c_send *send, void *callbacks)
{
    tracebaton_span_id_t span_id;
    tracebaton_context_t client_span;
    tracebaton_injection_t injection;
    tracebaton_header_t headers[TRACEBATON_MAX_HEADERS];
    tracebaton_status_t status;
    size_t header, header_count;
    const char *problem = new_span_id(&span_id);

    if (problem != NULL)
        return problem;
    status = tracebaton_context_child(span, &span_id, &client_span);
    if (status >= 0)
        status = tracebaton_injection_prepare(&client_span, &injection);
    if (status < 0)
        return error(status);
    header_count = tracebaton_injection_headers(&injection, headers);
    for (header = 0; header < header_count; header++)
        send(callbacks, callback, &headers[header]);
    return NULL;
}

const char *w3c_callbacks(const tracebaton_header_t *received, size_t received_count, size_t count, w3c_send *send,
                          void *callbacks)
{
    tracebaton_extracted_t extracted;
    tracebaton_context_t span;
    size_t callback;
    const char *problem = error(tracebaton_headers_extract(received, received_count, &extracted));

    if (problem == NULL)
        problem = begin_span(&extracted.context, &span);
    for (callback = 0; problem == NULL && callback < count; callback++)
        problem = call(&span, callback, send, callbacks);
    return problem;
}
