package tracebaton;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.opentelemetry.api.baggage.Baggage;
import io.opentelemetry.api.baggage.propagation.W3CBaggagePropagator;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.HashMap;
import java.util.Map;

/** OpenTelemetry for Java: its W3C propagators, its TraceState and its Baggage. */
final class OpenTelemetry extends Peer {
    private static final TextMapGetter<Map<String, String>> GETTER = new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(Map<String, String> carrier) {
            return carrier.keySet();
        }

        @Override
        public String get(Map<String, String> carrier, String name) {
            return carrier.get(name);
        }
    };
    private static final String PARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    @Override
    ObjectNode read(Map<String, String> carrier) {
        SpanContext span = span(carrier);
        ObjectNode parent = verdict(span.isValid()), state = verdict(span.isValid()), baggage = verdict(true);
        if (span.isValid()) {
            int flags = span.getTraceFlags().asByte() & 0xff;
            parent.put("trace_id", span.getTraceId()).put("span_id", span.getSpanId());
            parent.put("flags", span.getTraceFlags().asHex());
            parent.put("sampled", (flags & 1) != 0).put("random", (flags & 2) != 0);
            ArrayNode members = state.putArray("members");
            span.getTraceState().forEach((key, value) -> members.addObject().put("key", key).put("value", value));
        }
        ArrayNode members = baggage.putArray("members");
        baggage(carrier).forEach((key, entry) -> {
            ObjectNode member = members.addObject().put("key", key).put("value", entry.getValue());
            properties(entry.getMetadata().getValue(), member.putArray("properties"));
        });
        ObjectNode read = JSON.createObjectNode();
        read.set("traceparent", parent);
        read.set("tracestate", state);
        read.set("baggage", baggage);
        return read;
    }

    /** OpenTelemetry keeps properties as one text. */
    private static void properties(String metadata, ArrayNode properties) {
        for (String property : metadata.split(";")) {
            String[] parts = property.split("=", 2);
            if (!property.isBlank()) {
                ObjectNode added = properties.addObject().put("key", parts[0].trim());
                if (parts.length > 1) {
                    added.put("value", parts[1].trim());
                }
            }
        }
    }

    @Override
    ObjectNode change(JsonNode operation) {
        String key = operation.path("key").asText(), value = operation.path("value").asText();
        TraceState state = span(Map.of("traceparent", PARENT, "tracestate", operation.path("tracestate").asText()))
            .getTraceState();
        Baggage baggage = baggage(Map.of("baggage", operation.path("baggage").asText()));
        ObjectNode answer = JSON.createObjectNode();
        return switch (operation.get("name").asText()) {
            case "tracestate_get" -> answer.put("value", state.get(key));
            case "tracestate_insert" -> answer.put("value", written(state.toBuilder().put(key, value).build()));
            case "tracestate_delete" -> answer.put("value", written(state.toBuilder().remove(key).build()));
            case "baggage_get" -> answer.put("value", baggage.getEntryValue(key));
            case "baggage_set" -> answer.put("value", written(baggage.toBuilder().put(key, value).build()));
            case "baggage_remove" -> answer.put("value", written(baggage.toBuilder().remove(key).build()));
            default -> null;
        };
    }

    private static SpanContext span(Map<String, String> carrier) {
        return Span.fromContext(W3CTraceContextPropagator.getInstance().extract(Context.root(), carrier, GETTER))
            .getSpanContext();
    }

    private static Baggage baggage(Map<String, String> carrier) {
        return Baggage.fromContext(W3CBaggagePropagator.getInstance().extract(Context.root(), carrier, GETTER));
    }

    private static String written(TraceState state) {
        SpanContext parent = span(Map.of("traceparent", PARENT));
        SpanContext span = SpanContext.create(parent.getTraceId(), parent.getSpanId(), parent.getTraceFlags(), state);
        Map<String, String> carrier = new HashMap<>();
        W3CTraceContextPropagator.getInstance().inject(Context.root().with(Span.wrap(span)), carrier, Map::put);
        return carrier.getOrDefault("tracestate", "");
    }

    private static String written(Baggage baggage) {
        Map<String, String> carrier = new HashMap<>();
        W3CBaggagePropagator.getInstance().inject(Context.root().with(baggage), carrier, Map::put);
        return carrier.getOrDefault("baggage", "");
    }
}
