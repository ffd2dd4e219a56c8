/* Extracting and injecting. */

#include "run.h"

#include <stdio.h>
#include <string.h>

static void compare_verdict(struct row *row, const char *header, const tracebaton_verdict_t *verdict)
{
    char path[32];
    snprintf(path, sizeof path, "%s.index", header);
    if (verdict->status != TRACEBATON_ABSENT)
        row_field_is(row, path, atom_integer((int64_t)verdict->index));
    if (verdict->status < 0) {
        snprintf(path, sizeof path, "%s.rule", header);
        row_field_is(row, path, atom_text(tracebaton_status_name(verdict->status)));
        snprintf(path, sizeof path, "%s.offset", header);
        row_field_is(row, path, atom_integer(verdict->offset));
    }
    const char *name = verdict->status < 0 ? "refused" : verdict->status == TRACEBATON_OK ? "accepted" : "absent";
    snprintf(path, sizeof path, "%s.verdict", header);
    row_field_is(row, path, atom_text(name));
}

static void compare_traceparent(struct row *row, const tracebaton_extracted_t *extracted)
{
    const tracebaton_context_t *context = &extracted->context;
    char hex[TRACEBATON_TRACE_ID_HEX_SIZE];
    uint8_t flags = context->trace_flags;
    row_field_is(row, "traceparent.version", atom_integer(extracted->traceparent_version));
    tracebaton_trace_id_to_hex(&context->trace_id, hex);
    row_field_is(row, "traceparent.trace_id", atom_bytes(hex, TRACEBATON_TRACE_ID_HEX_SIZE));
    tracebaton_span_id_to_hex(&context->span_id, hex);
    row_field_is(row, "traceparent.span_id", atom_bytes(hex, TRACEBATON_SPAN_ID_HEX_SIZE));
    row_field_is(row, "traceparent.flags", atom_bytes((char[]){'0', (char)('0' + flags)}, 2));
    row_field_is(row, "traceparent.sampled", atom_bool(flags & TRACEBATON_FLAG_SAMPLED));
    row_field_is(row, "traceparent.random", atom_bool(flags & TRACEBATON_FLAG_RANDOM));
}

static void compare_tracestate(struct row *row, const tracebaton_context_t *context)
{
    tracebaton_cursor_t cursor = {0};
    tracebaton_tracestate_member_t member;
    row_field_is(row, "tracestate.members", atom_mark(ATOM_OPEN));
    while (tracebaton_tracestate_next(context, &cursor, &member) == TRACEBATON_OK) {
        row_is(row, atom_bytes(member.key, member.key_size));
        row_is(row, atom_bytes(member.value, member.value_size));
    }
    row_is(row, atom_mark(ATOM_CLOSE));
}

static void compare_properties(struct row *row, const tracebaton_baggage_member_t *member)
{
    tracebaton_cursor_t cursor = {0};
    tracebaton_baggage_property_t property;
    row_is(row, atom_mark(ATOM_OPEN));
    while (tracebaton_baggage_property_next(member, &cursor, &property) == TRACEBATON_OK) {
        size_t size = 0;
        tracebaton_status_t status =
            tracebaton_baggage_property_value(&property, run_buffer, sizeof run_buffer, &size);
        row_is(row, atom_bytes(property.key, property.key_size));
        row_is(row, status == TRACEBATON_OK ? atom_bytes(run_buffer, size) : atom_mark(ATOM_NULL));
    }
    row_is(row, atom_mark(ATOM_CLOSE));
}

static void compare_baggage(struct row *row, const tracebaton_context_t *context)
{
    tracebaton_cursor_t cursor = {0};
    tracebaton_baggage_member_t member;
    row_field_is(row, "baggage.members", atom_mark(ATOM_OPEN));
    while (tracebaton_baggage_next(context, &cursor, &member) == TRACEBATON_OK) {
        size_t size = 0;
        row_is(row, atom_bytes(member.key, member.key_size));
        if (tracebaton_baggage_value(&member, run_buffer, sizeof run_buffer, &size) == TRACEBATON_OK)
            row_is(row, atom_bytes(run_buffer, size));
        compare_properties(row, &member);
    }
    row_is(row, atom_mark(ATOM_CLOSE));
    row_field_is(row, "baggage.skipped", atom_integer((int64_t)cursor.skipped));
}

static void compare_extracted(struct row *row, const tracebaton_extracted_t *extracted)
{
    compare_verdict(row, "traceparent", &extracted->traceparent);
    compare_verdict(row, "tracestate", &extracted->tracestate);
    compare_verdict(row, "baggage", &extracted->baggage);
    if (extracted->traceparent.status == TRACEBATON_OK)
        compare_traceparent(row, extracted);
    if (extracted->tracestate.status == TRACEBATON_OK)
        compare_tracestate(row, &extracted->context);
    if (extracted->baggage.status == TRACEBATON_OK)
        compare_baggage(row, &extracted->context);
}

/* Without tracestate and baggage, the ids and the verdict are the same. */
static void compare_traceparent_alone(struct row *row, const struct record *record, const tracebaton_extracted_t *extracted)
{
    tracebaton_reader_t reader = {0};
    for (size_t index = 0; index < record->count; index++) {
        const tracebaton_header_t *header = &record->headers[index];
        tracebaton_reader_add(&reader, header->name, header->name_size, header->value, header->value_size);
    }
    for (int way = 0; way < 2; way++) {
        tracebaton_context_t context, expected = {0};
        tracebaton_verdict_t verdict;
        if (way == 0)
            tracebaton_headers_extract_traceparent(record->headers, record->count, &context, &verdict);
        else
            tracebaton_reader_finish_traceparent(&reader, &context, &verdict);
        expected.trace_id = extracted->context.trace_id;
        expected.span_id = extracted->context.span_id;
        expected.trace_flags = extracted->context.trace_flags;
        if (memcmp(&context, &expected, sizeof context) != 0 ||
            memcmp(&verdict, &extracted->traceparent, sizeof verdict) != 0)
            row_refuse(row, "has another traceparent when it is extracted alone");
    }
}

bool run_extract(struct row *row)
{
    static struct record record;
    struct atoms arguments = row->arguments;
    tracebaton_extracted_t extracted;
    tracebaton_context_t child;
    tracebaton_injection_t injection;
    tracebaton_span_id_t span_id;
    if (!take_record(&arguments, &record))
        return false;
    struct atom digits = atom_take(&arguments);
    if (tracebaton_span_id_from_hex(digits.bytes, digits.size, &span_id) != TRACEBATON_OK)
        return false;
    tracebaton_headers_extract(record.headers, record.count, &extracted);
    compare_extracted(row, &extracted);
    compare_traceparent_alone(row, &record, &extracted);
    tracebaton_injection_forward(&extracted, &injection);
    compare_inject(row, "forward", &record, &injection);
    if (tracebaton_context_child(&extracted.context, &span_id, &child) != TRACEBATON_OK) {
        row_field_is(row, "child", atom_mark(ATOM_NULL));
        return true;
    }
    tracebaton_injection_prepare(&child, &injection);
    compare_inject(row, "child", &record, &injection);
    return true;
}

bool run_extract_joined(struct row *row)
{
    static struct record record;
    /* Enough for the lists of every row; a longer list is refused whatever the size is. */
    static char buffer[1024];
    struct atoms arguments = row->arguments;
    tracebaton_extracted_t extracted;
    tracebaton_injection_t injection;
    if (!take_record(&arguments, &record))
        return false;
    tracebaton_headers_extract_joined(record.headers, record.count, buffer, sizeof buffer, &extracted);
    compare_extracted(row, &extracted);
    tracebaton_injection_forward(&extracted, &injection);
    compare_inject(row, "forward", &record, &injection);
    return true;
}

static void take_context(struct atoms *arguments, tracebaton_context_t *context)
{
    static const char *const names[] = {"traceparent", "tracestate", "baggage"};
    tracebaton_header_t headers[3];
    tracebaton_extracted_t extracted;
    for (int index = 0; index < 3; index++) {
        struct atom value = atom_take(arguments);
        headers[index] = (tracebaton_header_t){
            .name = names[index],
            .name_size = strlen(names[index]),
            .value = value.kind == ATOM_BYTES ? value.bytes : NULL,
            .value_size = value.size,
        };
    }
    tracebaton_headers_extract(headers, 3, &extracted);
    *context = extracted.context;
}

bool run_inject(struct row *row)
{
    static struct record record;
    struct atoms arguments = row->arguments;
    tracebaton_context_t context;
    tracebaton_injection_t injection;
    take_context(&arguments, &context);
    tracebaton_injection_prepare(&context, &injection);
    struct atom carries = atom_take(&arguments);
    if (atom_is_text(carries, "trace_context"))
        tracebaton_injection_trace_context_only(&injection);
    if (atom_is_text(carries, "baggage"))
        tracebaton_injection_baggage_only(&injection);
    bool keep = atom_take(&arguments).kind == ATOM_TRUE;
    struct atom limit = atom_take(&arguments);
    atom_take(&arguments);
    if (!take_record(&arguments, &record))
        return false;
    size_t capacity = limit.kind == ATOM_INTEGER ? (size_t)limit.integer : MOST_HEADERS;
    tracebaton_status_t status = (keep ? tracebaton_headers_inject_if_absent : tracebaton_headers_inject)(
        &injection, record.headers, &record.count, capacity);
    if (status == TRACEBATON_HEADERS_FULL)
        row_field_is(row, "error", atom_text("carrier_full"));
    else if (status < 0)
        row_field_is(row, "error", atom_text(tracebaton_status_name(status)));
    else if (status == TRACEBATON_KEPT)
        row_field_is(row, "outcome", atom_text("kept"));
    else
        row_field_is(row, "outcome", atom_text(status == TRACEBATON_NO_CONTEXT ? "no_parent" : "parent"));
    compare_record(row, "value", &record);
    return true;
}

bool run_strip(struct row *row)
{
    static struct record record;
    struct atoms arguments = row->arguments;
    atom_take(&arguments);
    if (!take_record(&arguments, &record))
        return false;
    if (tracebaton_headers_strip(record.headers, &record.count) != TRACEBATON_OK)
        row_refuse(row, "still has tracing headers after strip");
    compare_record(row, "value", &record);
    return true;
}
