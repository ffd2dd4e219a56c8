package tracebaton.interop;

import io.opentelemetry.api.baggage.Baggage;
import io.opentelemetry.api.baggage.propagation.W3CBaggagePropagator;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.ContextPropagators;
import io.opentelemetry.context.propagation.TextMapPropagator;
import io.opentelemetry.instrumentation.kafkaclients.v2_6.KafkaTelemetry;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/** A service that sends and receives through the instrumentation's wrappers. */
final class Service implements AutoCloseable {
    private final String brokers;
    private final InMemorySpanExporter spans = InMemorySpanExporter.create();
    private final Watched propagator = new Watched(TextMapPropagator.composite(
            W3CTraceContextPropagator.getInstance(), W3CBaggagePropagator.getInstance()));
    private final KafkaTelemetry telemetry;
    private final Producer<String, String> producer;

    Service(String brokers, String name) {
        this.brokers = brokers;
        var provider = SdkTracerProvider.builder()
                .setResource(Resource.create(Attributes.of(AttributeKey.stringKey("service.name"), name)))
                .addSpanProcessor(SimpleSpanProcessor.create(spans))
                .build();
        telemetry = KafkaTelemetry.create(OpenTelemetrySdk.builder()
                .setTracerProvider(provider)
                .setPropagators(ContextPropagators.create(propagator))
                .build());
        producer = telemetry.wrap(new KafkaProducer<>(
                Map.of("bootstrap.servers", brokers, "acks", "all"), new StringSerializer(), new StringSerializer()));
    }

    Wire.Produced produce(String topic, List<Wire.Message> records) throws Exception {
        spans.reset();
        List<Wire.Sent> sent = new ArrayList<>();
        List<Future<RecordMetadata>> sends = new ArrayList<>();
        for (var record : records) {
            try (var current = Contexts.make(record.context()).makeCurrent()) {
                sends.add(producer.send(new ProducerRecord<>(topic, record.key(), record.value())));
            }
            var context = propagator.injected();
            sent.add(new Wire.Sent(
                    record.key(),
                    Contexts.write(Span.fromContext(context).getSpanContext(), Baggage.fromContext(context))));
        }
        acknowledged(sends);
        return new Wire.Produced(sent, Spans.write(spans.getFinishedSpanItems()));
    }

    Wire.Consumed consume(String topic, int count) throws Exception {
        return new Wire.Consumed(receive(topic, count, record -> {}));
    }

    Wire.Relayed relay(String from, String to, int count) throws Exception {
        spans.reset();
        List<Future<RecordMetadata>> sends = new ArrayList<>();
        var received = receive(from, count, record -> {
            sends.add(producer.send(
                    new ProducerRecord<>(to, null, record.key(), record.value(), record.headers())));
        });
        acknowledged(sends);
        return new Wire.Relayed(received, Spans.write(spans.getFinishedSpanItems()));
    }

    /** Does the work for each record while the instrumentation's span of it is current. */
    private List<Wire.Received> receive(
            String topic, int count, java.util.function.Consumer<ConsumerRecord<String, String>> work) throws Exception {
        Map<String, Object> settings = Map.of(
                "bootstrap.servers", brokers,
                "group.id", UUID.randomUUID().toString(),
                "auto.offset.reset", "earliest");
        List<Wire.Received> all = new ArrayList<>();
        try (var consumer = telemetry.wrap(
                        new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer()));
                var records = new Records<>(consumer)) {
            consumer.subscribe(List.of(topic));
            for (int left = count; left > 0; left--) {
                var record = records.next();
                Spans.waited(record);
                work.accept(record);
                var received = propagator.extracted();
                all.add(new Wire.Received(
                        record.key(), Contexts.write(received, Baggage.current()), Spans.relation(received)));
            }
        }
        return all;
    }

    private static void acknowledged(List<Future<RecordMetadata>> sends) throws Exception {
        for (var send : sends) {
            send.get(60, TimeUnit.SECONDS);
        }
    }

    @Override
    public void close() {
        producer.close();
    }
}
