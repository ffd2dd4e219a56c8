package tracebaton.interop;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.instrumentation.kafkaclients.v2_6.KafkaTelemetry;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.utils.AppInfoParser;

/** Reads commands from standard input and answers each: BROKERS SERVICE. */
final class Main {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .build();

    private Main() {}

    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 2) {
            System.err.println("usage: kafka-clients BROKERS SERVICE");
            System.exit(2);
        }
        var answers = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        System.setOut(System.err);
        var commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try (var service = new Service(arguments[0], arguments[1])) {
            answers.println(JSON.writeValueAsString(new Wire.Ready(true, "Java", libraries())));
            for (String line; (line = commands.readLine()) != null; ) {
                answers.println(JSON.writeValueAsString(answer(service, line)));
            }
        }
    }

    private static Object answer(Service service, String line) {
        try {
            var command = JSON.readValue(line, Wire.Command.class);
            return switch (String.valueOf(command.command())) {
                case "produce" -> service.produce(command.topic(), command.records());
                case "consume" -> service.consume(command.topic(), command.count());
                case "relay" -> service.relay(command.from(), command.to(), command.count());
                default -> new Wire.Failed("there is no command " + command.command());
            };
        } catch (ExecutionException failed) {
            return new Wire.Failed(failed.getCause().toString());
        } catch (Exception failed) {
            return new Wire.Failed(failed.toString());
        }
    }

    private static Map<String, String> libraries() {
        return new TreeMap<>(Map.of(
                "kafka-clients", AppInfoParser.getVersion(),
                "opentelemetry-api", version(OpenTelemetry.class),
                "opentelemetry-kafka-clients-2.6", version(KafkaTelemetry.class),
                "opentelemetry-sdk", version(OpenTelemetrySdk.class)));
    }

    private static String version(Class<?> type) {
        return type.getPackage().getImplementationVersion();
    }
}
