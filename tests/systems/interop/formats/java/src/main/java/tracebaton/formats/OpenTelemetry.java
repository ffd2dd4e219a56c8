package tracebaton.formats;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.extension.trace.propagation.B3Propagator;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;

/** OpenTelemetry's SDK and propagators, over the carrier of its instrumentation: the last header of the exact name. */
final class OpenTelemetry implements Tracer {
    private static final TextMapGetter<Headers> GETTER = new TextMapGetter<>() {
        @Override
        public String get(Headers headers, String key) {
            var header = headers.lastHeader(key);
            return header == null || header.value() == null ? null : new String(header.value(), StandardCharsets.UTF_8);
        }
    };

    // Its own provider makes spans that nothing exports.
    private final io.opentelemetry.api.trace.Tracer tracer = SdkTracerProvider.builder().build().get("formats");
    @SuppressWarnings("deprecation") // Jaeger's is what services still have
    private final Map<String, TextMapPropagator> propagators = Map.of(
            "b3", B3Propagator.injectingSingleHeader(),
            "b3multi", B3Propagator.injectingMultiHeaders(),
            "jaeger", io.opentelemetry.extension.trace.propagation.JaegerPropagator.getInstance());

    @Override
    public Map<String, String> libraries() {
        return Map.of(
                "opentelemetry-extension-trace-propagators",
                B3Propagator.class.getPackage().getImplementationVersion());
    }

    @Override
    public void inject(String format, Wire.Told told, Headers headers) {
        var sampled = told.sampling().equals("accept") || told.sampling().equals("debug");
        var flags = sampled ? TraceFlags.getSampled() : TraceFlags.getDefault();
        var span = SpanContext.createFromRemoteParent(told.traceId(), told.spanId(), flags, TraceState.getDefault());
        write(format, Context.root().with(Span.wrap(span)), headers);
    }

    @Override
    public Wire.Received relay(String format, ConsumerRecord<String, String> record, Headers headers) {
        var context = propagators.get(format).extract(Context.root(), record.headers(), GETTER);
        var received = Span.fromContext(context).getSpanContext();
        if (!received.isValid()) {
            return new Wire.Received(record.key(), null, null);
        }
        var child = tracer.spanBuilder("process").setParent(context).startSpan();
        write(format, context.with(child), headers);
        child.end();
        return new Wire.Received(record.key(), told(received), told(child.getSpanContext()));
    }

    private void write(String format, Context context, Headers headers) {
        propagators.get(format).inject(
                context, headers, (carrier, key, value) -> carrier.add(key, value.getBytes(StandardCharsets.UTF_8)));
    }

    private static Wire.Told told(SpanContext span) {
        return new Wire.Told(span.getTraceId(), span.getSpanId(), span.isSampled() ? "accept" : "deny");
    }
}
