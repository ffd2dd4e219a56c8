package tracebaton;

import brave.propagation.TraceContext;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.tracing.brave.bridge.W3CPropagation;
import java.util.Map;

/** Brave with Micrometer's W3C propagation, as Spring Boot uses it. Its context has a decision in place of flags. */
final class Micrometer extends Peer {
    private final TraceContext.Extractor<Map<String, String>> extractor =
        new W3CPropagation().get().extractor(Map::get);

    @Override
    ObjectNode read(Map<String, String> carrier) {
        TraceContext found = extractor.extract(carrier).context();
        ObjectNode parent = verdict(found != null);
        if (found != null) {
            // traceIdString() leaves out an upper half of zeros.
            parent.put("trace_id", String.format("%016x%016x", found.traceIdHigh(), found.traceId()));
            parent.put("span_id", found.spanIdString());
            parent.put("sampled", Boolean.TRUE.equals(found.sampled()));
        }
        ObjectNode read = JSON.createObjectNode();
        read.set("traceparent", parent);
        return read;
    }
}
