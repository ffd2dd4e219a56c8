package tracebaton.interop;

import io.opentelemetry.api.baggage.Baggage;
import io.opentelemetry.api.baggage.BaggageEntryMetadata;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Contexts of OpenTelemetry, made from the wire's and written as those. */
final class Contexts {
    private Contexts() {}

    /** A remote parent and a baggage. */
    static Context make(Wire.Trace wire) {
        Context context = Context.root();
        if (wire.traceId() != null) {
            context = context.with(Span.wrap(SpanContext.createFromRemoteParent(
                    wire.traceId(), wire.spanId(), TraceFlags.fromHex(wire.traceFlags(), 0), state(wire.tracestate()))));
        }
        var baggage = Baggage.builder();
        for (var member : wire.baggage()) {
            baggage.put(member.key(), member.value(), BaggageEntryMetadata.create(member.metadata()));
        }
        return context.with(baggage.build());
    }

    /** The builder puts each new member first. */
    private static TraceState state(String members) {
        var state = TraceState.builder();
        var all = members.isEmpty() ? new String[0] : members.split(",");
        for (int last = all.length - 1; last >= 0; last--) {
            var member = all[last].split("=", 2);
            state.put(member[0].strip(), member[1]);
        }
        return state.build();
    }

    static Wire.Trace write(SpanContext span, Baggage baggage) {
        List<Wire.Member> members = new ArrayList<>();
        baggage.forEach((key, entry) -> members.add(new Wire.Member(key, entry.getValue(), entry.getMetadata().getValue())));
        if (!span.isValid()) {
            return new Wire.Trace(null, null, null, "", members);
        }
        var state = span.getTraceState().asMap().entrySet().stream()
                .map(member -> member.getKey() + "=" + member.getValue())
                .collect(Collectors.joining(","));
        return new Wire.Trace(span.getTraceId(), span.getSpanId(), span.getTraceFlags().asHex(), state, members);
    }
}
