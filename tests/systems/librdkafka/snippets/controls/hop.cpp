#include "tracebaton.hpp"

/* A deliberate fault: a time-out is produced as an empty record. */
RdKafka::ErrorCode hop(RdKafka::Message &message, RdKafka::Producer &producer, tracebaton::trace_id trace,
                       tracebaton::span_id span) {
    constexpr auto flags = tracebaton::trace_flags::sampled | tracebaton::trace_flags::random;
    const auto own = tracebaton::extract(message).context().child_or_root(trace, span, flags);
    tracebaton::record record("payments", message);
    record.err = RD_KAFKA_RESP_ERR_NO_ERROR;
    return tracebaton::produce(producer, record, own.injection());
}
