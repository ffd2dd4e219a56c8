package tracebaton.formats;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.AppInfoParser;

/** A tracer that has its own formats, over kafka-clients: TRACER BROKERS SERVICE. */
final class Main {
    private static final ObjectMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .build();
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Tracer tracer;
    private final String brokers;
    private final KafkaProducer<String, String> producer;

    private Main(Tracer tracer, String brokers) {
        this.tracer = tracer;
        this.brokers = brokers;
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", brokers, "acks", "all"), new StringSerializer(), new StringSerializer());
    }

    public static void main(String[] arguments) throws IOException {
        var answers = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        System.setOut(System.err);
        var commands = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        var tracer = arguments[0].equals("brave") ? new Brave() : new OpenTelemetry();
        var program = new Main(tracer, arguments[1]);
        Map<String, String> libraries = new TreeMap<>(tracer.libraries());
        libraries.put("kafka-clients", AppInfoParser.getVersion());
        answers.println(JSON.writeValueAsString(new Wire.Ready(true, "Java", libraries)));
        for (String line; (line = commands.readLine()) != null; ) {
            answers.println(JSON.writeValueAsString(program.answer(line)));
        }
        program.producer.close();
    }

    private Object answer(String line) {
        try {
            var command = JSON.readValue(line, Wire.Command.class);
            return command.command().equals("send") ? send(command) : relay(command);
        } catch (Exception failed) {
            return new Wire.Failed(failed.toString());
        }
    }

    private Wire.Sent send(Wire.Command command) throws Exception {
        for (var record : command.records()) {
            var sent = new ProducerRecord<>(command.topic(), record.key(), record.value());
            tracer.inject(command.format(), record.context(), sent.headers());
            producer.send(sent).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
        return new Wire.Sent(command.records().size());
    }

    private Wire.Relayed relay(Wire.Command command) throws Exception {
        Map<String, Object> settings = Map.of("bootstrap.servers", brokers, "max.poll.records", command.count());
        List<Wire.Received> all = new ArrayList<>();
        try (var consumer = new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            var partition = List.of(new TopicPartition(command.from(), 0));
            consumer.assign(partition);
            consumer.seekToBeginning(partition);
            while (all.size() < command.count()) {
                var records = consumer.poll(PATIENCE);
                if (records.isEmpty()) {
                    throw new IOException("no record came within " + PATIENCE);
                }
                for (var record : records) {
                    var next = new ProducerRecord<>(command.to(), record.key(), record.value());
                    all.add(tracer.relay(command.format(), record, next.headers()));
                    producer.send(next).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
                }
            }
        }
        return new Wire.Relayed(all);
    }
}
