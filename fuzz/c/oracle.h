/*
 * The oracle's verdicts: a second, simple implementation of the grammars (oracle/src/lib.rs), which the harnesses link.
 */
#ifndef ORACLE_H
#define ORACLE_H

#include "hop.h"

typedef struct oracle_verdict {
    const char *name; /* "ok", "absent" or the name of a rule; not terminated */
    size_t name_size;
    size_t offset;
    size_t index;
} oracle_verdict;

#ifdef __cplusplus
extern "C"
#endif
    void
    oracle_extract(const tracebaton_header_t *headers, size_t count, oracle_verdict verdicts[3]);

static inline void oracle_check_verdict(tracebaton_verdict_t verdict, oracle_verdict expected) {
    const char *const name = tracebaton_status_name(verdict.status);
    CHECK(strlen(name) == expected.name_size && memcmp(name, expected.name, expected.name_size) == 0);
    CHECK(verdict.offset == expected.offset && verdict.index == expected.index);
}

/* Ends the process unless the oracle has the same verdicts on the record. */
static inline void oracle_check(const hop_record *record, const tracebaton_extracted_t *extracted) {
    oracle_verdict expected[3];
    oracle_extract(record->headers, record->count, expected);
    oracle_check_verdict(extracted->traceparent, expected[0]);
    oracle_check_verdict(extracted->tracestate, expected[1]);
    oracle_check_verdict(extracted->baggage, expected[2]);
}

#endif
