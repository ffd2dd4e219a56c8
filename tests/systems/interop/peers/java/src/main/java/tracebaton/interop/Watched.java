package tracebaton.interop;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.context.propagation.TextMapSetter;
import java.util.Collection;

/** A propagator that remembers, for the report, what the instrumentation has it write, and what it has it read. */
final class Watched implements TextMapPropagator {
    private final TextMapPropagator propagator;
    private Context injected = Context.root();
    private Context extracted = Context.root();

    Watched(TextMapPropagator propagator) {
        this.propagator = propagator;
    }

    /** The context of the last record sent. */
    Context injected() {
        return injected;
    }

    /** The remote span of the last record received. */
    SpanContext extracted() {
        return Span.fromContext(extracted).getSpanContext();
    }

    @Override
    public Collection<String> fields() {
        return propagator.fields();
    }

    @Override
    public <C> void inject(Context context, C carrier, TextMapSetter<C> setter) {
        injected = context;
        propagator.inject(context, carrier, setter);
    }

    @Override
    public <C> Context extract(Context context, C carrier, TextMapGetter<C> getter) {
        extracted = propagator.extract(context, carrier, getter);
        return extracted;
    }
}
