/* Changes of tracestate and baggage. */

#include "run.h"

/* The result of a change, or the rule that it breaks and what is left. */
static void compare_change(struct row *row, tracebaton_status_t status, const char *list, size_t size)
{
    if (status != TRACEBATON_OK)
        row_field_is(row, "error", atom_text(tracebaton_status_name(status)));
    row_field_is(row, "value", atom_bytes(list, size));
    compare_rest_of_buffer(row);
}

static void get_tracestate(struct row *row, const tracebaton_context_t *context, struct atom key)
{
    tracebaton_tracestate_member_t member;
    tracebaton_status_t status = tracebaton_tracestate_get(context, key.bytes, key.size, &member);
    if (status < 0)
        row_field_is(row, "error", atom_text(tracebaton_status_name(status)));
    else
        row_field_is(row, "value",
                     status == TRACEBATON_OK ? atom_bytes(member.value, member.value_size) : atom_mark(ATOM_NULL));
}

bool run_tracestate(struct row *row)
{
    struct atoms arguments = row->arguments;
    struct atom list = atom_take(&arguments), key = atom_take(&arguments);
    tracebaton_context_t context = {.tracestate = list.bytes, .tracestate_size = list.size};
    tracebaton_status_t status;
    if (atom_is_text(row->operation, "tracestate_get")) {
        get_tracestate(row, &context, key);
        return true;
    }
    if (atom_is_text(row->operation, "tracestate_insert")) {
        struct atom value = atom_take(&arguments);
        status = tracebaton_tracestate_insert(&context, key.bytes, key.size, value.bytes, value.size, run_buffer,
                                              take_capacity(&arguments));
    } else if (atom_is_text(row->operation, "tracestate_delete")) {
        status = tracebaton_tracestate_delete(&context, key.bytes, key.size, run_buffer, take_capacity(&arguments));
    } else if (atom_is_text(row->operation, "tracestate_truncate")) {
        status = tracebaton_tracestate_truncate(&context, (size_t)key.integer, run_buffer, take_capacity(&arguments));
    } else {
        return false;
    }
    compare_change(row, status, context.tracestate, context.tracestate_size);
    return true;
}

static void get_baggage(struct row *row, const tracebaton_context_t *context, struct atom key)
{
    tracebaton_baggage_member_t member;
    size_t size = 0;
    tracebaton_status_t status = tracebaton_baggage_get(context, key.bytes, key.size, &member);
    if (status == TRACEBATON_OK)
        status = tracebaton_baggage_value(&member, run_buffer, sizeof run_buffer, &size);
    if (status < 0)
        row_field_is(row, "error", atom_text(tracebaton_status_name(status)));
    else
        row_field_is(row, "value", status == TRACEBATON_OK ? atom_bytes(run_buffer, size) : atom_mark(ATOM_NULL));
}

static bool build_baggage(struct row *row)
{
    static tracebaton_baggage_entry_t entries[80];
    struct atoms arguments = row->arguments;
    size_t capacity = take_capacity(&arguments), count = 0;
    tracebaton_context_t context = {0};
    if (atom_take(&arguments).kind != ATOM_OPEN)
        return false;
    for (struct atom step = atom_take(&arguments); step.kind != ATOM_CLOSE; step = atom_take(&arguments)) {
        struct atom key = atom_take(&arguments), value = atom_take(&arguments);
        if (step.kind == ATOM_END || count == sizeof entries / sizeof *entries)
            return false;
        entries[count++] = (tracebaton_baggage_entry_t){
            .key = key.bytes,
            .key_size = key.size,
            .value = value.bytes,
            .value_size = value.size,
            .is_property = step.kind == ATOM_TRUE,
        };
    }
    tracebaton_status_t status = tracebaton_baggage_build(&context, entries, count, run_buffer, capacity);
    compare_change(row, status, context.baggage, context.baggage_size);
    return true;
}

bool run_baggage(struct row *row)
{
    if (atom_is_text(row->operation, "baggage_build"))
        return build_baggage(row);
    struct atoms arguments = row->arguments;
    struct atom list = atom_take(&arguments), key = atom_take(&arguments);
    tracebaton_context_t context = {.baggage = list.bytes, .baggage_size = list.size};
    tracebaton_status_t status;
    if (atom_is_text(row->operation, "baggage_get")) {
        get_baggage(row, &context, key);
        return true;
    }
    if (atom_is_text(row->operation, "baggage_set")) {
        struct atom value = atom_take(&arguments);
        status = tracebaton_baggage_set(&context, key.bytes, key.size, value.bytes, value.size, run_buffer,
                                        fresh_buffer(ENOUGH));
    } else if (atom_is_text(row->operation, "baggage_remove")) {
        status = tracebaton_baggage_remove(&context, key.bytes, key.size, run_buffer, fresh_buffer(ENOUGH));
    } else {
        return false;
    }
    compare_change(row, status, context.baggage, context.baggage_size);
    return true;
}
