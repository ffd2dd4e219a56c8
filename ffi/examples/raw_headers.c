/*
 * A proxy: it has the bytes of a batch and no Kafka client. It reads the headers of a record in W3C and B3, and tells which of
 * them it would replace to send the record in both.
 *
 * Prints:
 *
 *     tenant=7 of a parent from b3
 *     kept: schema-id
 *     removed: b3
 *     removed: baggage
 *     refused: the header block ends inside a number, a name or a value, at byte 20
 */
#include <stdio.h>
#include <tracebaton.h>

static const tracebaton_format_t order[] = {TRACEBATON_FORMAT_TRACECONTEXT, TRACEBATON_FORMAT_B3};

/* The block of three headers: a count, then sizes before names and values, each doubled; the value of the first is null. */
static const char block[] = "\x06"
                            "\x12schema-id\x01"
                            "\x04" "b3\x66" "80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-1"
                            "\x0e" "baggage\x10" "tenant=7";

static tracebaton_status_t read_block(size_t size, tracebaton_choice_t *choice) {
    tracebaton_choice_reader_t reader = {0};
    tracebaton_raw_headers_t headers;
    tracebaton_header_t header;
    size_t offset;
    const tracebaton_status_t status = tracebaton_raw_headers_start(block, size, &headers, &offset);
    if (status < 0) {
        printf("refused: %s, at byte %lu\n", tracebaton_status_message(status), (unsigned long)offset);
        return status;
    }
    while (tracebaton_raw_headers_next(&headers, &header) == TRACEBATON_OK)
        tracebaton_choice_reader_add(&reader, header.name, header.name_size, header.value, header.value_size);
    return tracebaton_choice_reader_finish(&reader, order, 2, 1, choice);
}

static void print_replaced(const tracebaton_format_injection_t *injection) {
    tracebaton_raw_headers_t headers;
    tracebaton_header_t header;
    size_t offset;
    tracebaton_raw_headers_start(block, sizeof(block) - 1, &headers, &offset);
    while (tracebaton_raw_headers_next(&headers, &header) == TRACEBATON_OK)
        printf("%s: %.*s\n", tracebaton_format_injection_replaces(injection, header.name, header.name_size) ? "removed" : "kept",
               (int)header.name_size, header.name);
}

int main(void) {
    const tracebaton_formats_t written =
        1u << TRACEBATON_FORMAT_TRACECONTEXT | 1u << TRACEBATON_FORMAT_BAGGAGE | 1u << TRACEBATON_FORMAT_B3;
    tracebaton_format_injection_t injection;
    tracebaton_choice_t choice;
    if (read_block(sizeof(block) - 1, &choice) != TRACEBATON_OK ||
        tracebaton_format_injection_prepare(&choice.context, written, 0, TRACEBATON_SAMPLING_NONE, &injection) != TRACEBATON_OK)
        return 1;
    printf("%.*s of a parent from %s\n", (int)choice.context.baggage_size, choice.context.baggage,
           tracebaton_format_name(choice.arrived_as));
    print_replaced(&injection);
    return read_block(20, &choice) == TRACEBATON_RAW_HEADERS_TOO_SHORT ? 0 : 1;
}
