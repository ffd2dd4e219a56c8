/*
 * A consumer whose producers migrate from B3 and Datadog to W3C. It reads all three formats, counts the format of each
 * parent, writes W3C and B3, and closes a boundary.
 *
 * Prints:
 *
 *     parent from b3, trace 80f198ee56343ba864fe8b2a57d3eff7
 *     beside it: datadog names another trace
 *     refused: b3: trace_id at byte 0
 *     sent: traceparent, b3
 *     after the boundary: x-tenant
 */
#include <stdio.h>
#include <tracebaton.h>

#define HEADER(name, value) {TRACEBATON_STR(name), TRACEBATON_STR(value)}

/* A configuration file would have names here: tracebaton_format_of_name() parses them. */
static const tracebaton_format_t order[] = {TRACEBATON_FORMAT_TRACECONTEXT, TRACEBATON_FORMAT_B3,
                                            TRACEBATON_FORMAT_DATADOG};

static void print_choice(const tracebaton_choice_t *choice) {
    char trace_id[TRACEBATON_TRACE_ID_HEX_SIZE];
    size_t i;

    if (choice->arrived_as != TRACEBATON_FORMAT_NONE) {
        tracebaton_trace_id_to_hex(&choice->context.trace_id, trace_id);
        printf("parent from %s, trace %.*s\n", tracebaton_format_name(choice->arrived_as), (int)sizeof(trace_id),
               trace_id);
    }
    for (i = 0; i < choice->other_count; i++) {
        const tracebaton_other_t *other = &choice->others[i];
        if (other->outcome == TRACEBATON_OUTCOME_OTHER_TRACE)
            printf("beside it: %s names another trace\n", tracebaton_format_name(other->format));
        if (other->outcome == TRACEBATON_OUTCOME_REFUSED)
            printf("refused: %s: %s at byte %u\n", tracebaton_format_name(other->format),
                   tracebaton_format_rule_name(other->rule), (unsigned)other->offset);
    }
}

static void read_records(tracebaton_context_t *parent) {
    const tracebaton_header_t record[] = {
        HEADER("b3", "80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-1"),
        HEADER("x-datadog-trace-id", "7017280452245743464"),
        HEADER("x-datadog-parent-id", "1234"),
    };
    const tracebaton_header_t broken[] = {HEADER("b3", "none of this")};
    tracebaton_choice_t choice;

    if (tracebaton_headers_choose(record, 3, order, 3, 0, &choice) == TRACEBATON_OK)
        *parent = choice.context;
    print_choice(&choice);
    if (tracebaton_headers_choose(broken, 1, order, 3, 0, &choice) == TRACEBATON_NO_CONTEXT)
        print_choice(&choice);
}

static void send(const tracebaton_context_t *parent) {
    const tracebaton_span_id_t span_id = {{1, 2, 3, 4, 5, 6, 7, 8}}; /* random in a service */
    const tracebaton_formats_t written =
        1u << TRACEBATON_FORMAT_TRACECONTEXT | 1u << (unsigned)tracebaton_format_of_name(TRACEBATON_STR("b3"));
    tracebaton_header_t headers[TRACEBATON_MAX_FORMAT_HEADERS];
    tracebaton_format_injection_t injection;
    tracebaton_context_t span;
    size_t count = 0, i;

    if (tracebaton_context_child(parent, &span_id, &span) != TRACEBATON_OK ||
        tracebaton_format_injection_prepare(&span, written, TRACEBATON_FORMATS_ALL, TRACEBATON_SAMPLING_NONE,
                                            &injection) != TRACEBATON_OK)
        return; /* there is no parent to continue */
    if (tracebaton_headers_inject_formats(&injection, headers, &count, TRACEBATON_MAX_FORMAT_HEADERS) < 0)
        return; /* no room: the record is sent without a context */
    printf("sent: ");
    for (i = 0; i < count; i++)
        printf("%s%.*s", i ? ", " : "", (int)headers[i].name_size, headers[i].name);
    printf("\n");
}

static void close_boundary(void) {
    tracebaton_header_t headers[] = {HEADER("X-B3-TraceId", "80f198ee56343ba864fe8b2a57d3eff7"), HEADER("x-tenant", "7"),
                                     HEADER("elasticapmtraceparent", "binary")};
    size_t count = 3, i;

    if (tracebaton_headers_strip_formats(headers, &count, TRACEBATON_FORMATS_ALL) < 0)
        return;
    printf("after the boundary:");
    for (i = 0; i < count; i++)
        if (tracebaton_header_format_of(headers[i].name, headers[i].name_size) == TRACEBATON_FORMAT_NONE)
            printf(" %.*s", (int)headers[i].name_size, headers[i].name);
    printf("\n");
}

int main(void) {
    tracebaton_context_t parent = {0};

    read_records(&parent);
    send(&parent);
    close_boundary();
    return 0;
}
