package tracebaton;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.logging.LogManager;

/** Runs a library that knows text maps as a program for tests/conformance/run: it gets the value of each name, as text. */
abstract class Peer {
    static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> NAMES = Set.of("traceparent", "tracestate", "baggage");

    public static void main(String[] arguments) throws IOException {
        Peer peer = arguments[0].equals("opentelemetry") ? new OpenTelemetry() : new Micrometer();
        var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        var output = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        LogManager.getLogManager().reset();
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            output.println(peer.outcome(JSON.readTree(line)));
        }
    }

    /** An exception is the outcome of the library. */
    private ObjectNode outcome(JsonNode row) {
        try {
            return answer(row);
        } catch (RuntimeException thrown) {
            return JSON.createObjectNode().put("error", thrown.getClass().getSimpleName());
        }
    }

    /** What the library reads. */
    abstract ObjectNode read(Map<String, String> carrier);

    /** The result of an operation, or null if the library has no such function. */
    ObjectNode change(JsonNode operation) {
        return null;
    }

    private ObjectNode answer(JsonNode row) {
        if (row.has("headers")) {
            Map<String, String> carrier = carrier(row.get("headers"));
            return carrier == null ? skip("about the carrier") : read(carrier);
        }
        JsonNode operation = row.get("operation");
        for (String name : new String[] {"tracestate", "baggage", "key", "value"}) {
            if (operation.has(name) && !operation.get(name).isTextual()) {
                return skip("not text");
            }
        }
        ObjectNode changed = operation.has("buffer") ? null : change(operation);
        return changed == null ? skip("no such function") : changed;
    }

    /** The headers as a text map, or null if a carrier decides how to read them. */
    private static Map<String, String> carrier(JsonNode headers) {
        Map<String, String> carrier = new HashMap<>();
        for (JsonNode header : headers) {
            JsonNode name = header.get(0), value = header.get(1);
            if (!name.isTextual() || !value.isTextual() || carrier.containsKey(name.asText())) {
                return null;
            }
            String lower = name.asText().toLowerCase(Locale.ROOT);
            if (NAMES.contains(lower) && !NAMES.contains(name.asText())) {
                return null;
            }
            carrier.put(name.asText(), value.asText());
        }
        return carrier;
    }

    static ObjectNode skip(String reason) {
        return JSON.createObjectNode().put("skip", reason);
    }

    static ObjectNode verdict(boolean isAccepted) {
        return JSON.createObjectNode().put("verdict", isAccepted ? "accepted" : "absent");
    }
}
