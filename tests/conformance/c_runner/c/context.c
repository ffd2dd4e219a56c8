/* Contexts: child, restart, trust, queue time. */

#include "run.h"

#include <stdio.h>

static bool take_span_context(struct atoms *arguments, tracebaton_context_t *context)
{
    struct atom traceparent = atom_take(arguments), tracestate = atom_take(arguments);
    if (tracebaton_traceparent_parse(traceparent.bytes, traceparent.size, context) != TRACEBATON_OK)
        return false;
    context->tracestate = tracestate.bytes;
    context->tracestate_size = tracestate.size;
    return true;
}

/* The lists of a context: a list without members is reported as an empty one. */
static tracebaton_injection_t lists_of(struct row *row, const tracebaton_context_t *context)
{
    tracebaton_injection_t lists = {0};
    if (tracebaton_injection_prepare(context, &lists) < 0)
        row_refuse(row, "has a context that cannot be injected");
    return lists;
}

static void compare_span_context(struct row *row, const char *path, const tracebaton_context_t *context)
{
    char value[TRACEBATON_TRACEPARENT_SIZE], part[32];
    if (tracebaton_traceparent_format(context, value) != TRACEBATON_OK) {
        row_field_is(row, path, atom_mark(ATOM_NULL));
        return;
    }
    snprintf(part, sizeof part, "%s.traceparent", path);
    row_field_is(row, part, atom_bytes(value, sizeof value));
    snprintf(part, sizeof part, "%s.tracestate", path);
    tracebaton_injection_t lists = lists_of(row, context);
    row_field_is(row, part, atom_bytes(lists.tracestate, lists.tracestate_size));
}

static bool take_span_id(struct atoms *arguments, tracebaton_span_id_t *span_id)
{
    struct atom digits = atom_take(arguments);
    return tracebaton_span_id_from_hex(digits.bytes, digits.size, span_id) == TRACEBATON_OK;
}

static bool run_child(struct row *row, struct atoms arguments)
{
    tracebaton_context_t context;
    tracebaton_span_id_t span_id;
    if (!take_span_context(&arguments, &context) || !take_span_id(&arguments, &span_id))
        return false;
    if (tracebaton_context_child(&context, &span_id, &context) != TRACEBATON_OK)
        return false;
    struct atom sampled = atom_take(&arguments);
    if (sampled.kind == ATOM_TRUE)
        context.trace_flags |= TRACEBATON_FLAG_SAMPLED;
    if (sampled.kind == ATOM_FALSE)
        context.trace_flags &= (uint8_t)~TRACEBATON_FLAG_SAMPLED;
    compare_span_context(row, "value", &context);
    return true;
}

static bool run_restart(struct row *row, struct atoms arguments)
{
    tracebaton_context_t before = {0}, root;
    tracebaton_trace_id_t trace_id;
    tracebaton_span_id_t span_id;
    struct atoms first = arguments;
    bool is_first = atom_take(&first).kind == ATOM_NULL;
    if (is_first)
        atom_take(&arguments), atom_take(&arguments);
    else if (!take_span_context(&arguments, &before))
        return false;
    struct atom digits = atom_take(&arguments);
    if (tracebaton_trace_id_from_hex(digits.bytes, digits.size, &trace_id) != TRACEBATON_OK)
        return false;
    if (!take_span_id(&arguments, &span_id))
        return false;
    unsigned flags = atom_take(&arguments).kind == ATOM_TRUE ? TRACEBATON_FLAG_SAMPLED : 0;
    flags |= atom_take(&arguments).kind == ATOM_TRUE ? TRACEBATON_FLAG_RANDOM : 0;
    if (tracebaton_context_restart(is_first ? NULL : &before, &trace_id, &span_id, (uint8_t)flags, &root) != TRACEBATON_OK)
        return false;
    compare_span_context(row, "value", &root);
    return true;
}

static bool take_trust(struct atoms *arguments, tracebaton_trust_policy_t *trust)
{
    struct atom choice = atom_take(arguments), sampled = atom_take(arguments);
    if (atom_is_text(choice, "continue"))
        *trust = TRACEBATON_TRUST_CONTINUE;
    else if (atom_is_text(choice, "continue_resampled"))
        *trust = sampled.kind == ATOM_TRUE ? TRACEBATON_TRUST_CONTINUE_SAMPLED : TRACEBATON_TRUST_CONTINUE_NOT_SAMPLED;
    else if (atom_is_text(choice, "restart_with_link"))
        *trust = TRACEBATON_TRUST_RESTART_WITH_LINK;
    else if (atom_is_text(choice, "restart_without_link"))
        *trust = TRACEBATON_TRUST_RESTART_WITHOUT_LINK;
    else
        return false;
    return true;
}

static bool run_trust(struct row *row, struct atoms arguments)
{
    static struct record record;
    tracebaton_trust_policy_t trust;
    tracebaton_extracted_t extracted;
    tracebaton_admitted_t admitted;
    if (!take_trust(&arguments, &trust) || !take_record(&arguments, &record))
        return false;
    tracebaton_headers_extract(record.headers, record.count, &extracted);
    if (tracebaton_context_admit(&extracted.context, trust, &admitted) < 0)
        return false;
    compare_span_context(row, "value.parent", &admitted.parent);
    compare_span_context(row, "value.link", &admitted.link);
    tracebaton_injection_t lists = lists_of(row, &admitted.parent);
    row_field_is(row, "value.baggage", atom_bytes(lists.baggage, lists.baggage_size));
    return true;
}

static bool run_queue_time(struct row *row, struct atoms arguments)
{
    static const char *const kinds[] = {"not_available", "create_time", "log_append_time"};
    struct atom timestamp = atom_take(&arguments), kind = atom_take(&arguments), consumed = atom_take(&arguments);
    tracebaton_timestamp_kind_t number = 0;
    tracebaton_queue_time_t waited;
    while (number < 3 && !atom_is_text(kind, kinds[number]))
        number++;
    tracebaton_status_t status = tracebaton_queue_time_between(timestamp.integer, number, consumed.integer, &waited);
    if (status != TRACEBATON_OK) {
        row_field_is(row, "value", status < 0 ? atom_text("refused") : atom_mark(ATOM_NULL));
        return true;
    }
    row_field_is(row, "value.milliseconds", atom_integer(waited.milliseconds));
    row_field_is(row, "value.kind", atom_text(kinds[waited.kind]));
    return true;
}

bool run_context(struct row *row)
{
    if (atom_is_text(row->operation, "span_context_child"))
        return run_child(row, row->arguments);
    if (atom_is_text(row->operation, "restart"))
        return run_restart(row, row->arguments);
    if (atom_is_text(row->operation, "trust"))
        return run_trust(row, row->arguments);
    if (atom_is_text(row->operation, "queue_time"))
        return run_queue_time(row, row->arguments);
    return false;
}
