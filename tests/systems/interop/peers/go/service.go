package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/plugin/kotel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
)

// patience is how long a record may keep us waiting.
const patience = 60 * time.Second

// service is a program as its users write it, with a tracer and a producer. It lives for one command: spans that a
// client ends when it is closed are not of the next.
type service struct {
	brokers  []string
	tracer   *kotel.Tracer
	spans    *tracetest.InMemoryExporter
	producer *kgo.Client
}

type sent struct {
	Key     string      `json:"key"`
	Context wireContext `json:"context"`
}

type received struct {
	Key      string      `json:"key"`
	Context  wireContext `json:"context"`
	Relation string      `json:"relation"`
}

func newService(brokers, name string) (*service, error) {
	spans := tracetest.NewInMemoryExporter()
	provider := sdktrace.NewTracerProvider(
		sdktrace.WithSyncer(spans),
		sdktrace.WithSampler(sdktrace.ParentBased(sdktrace.AlwaysSample())),
		sdktrace.WithResource(resource.NewSchemaless(attribute.String("service.name", name))),
	)
	propagator := propagation.NewCompositeTextMapPropagator(
		propagation.TraceContext{}, propagation.Baggage{}, asReceived{})
	made := &service{
		brokers: strings.Split(brokers, ","),
		tracer:  kotel.NewTracer(kotel.TracerProvider(provider), kotel.TracerPropagator(propagator)),
		spans:   spans,
	}
	var err error
	made.producer, err = made.client(kgo.RecordDeliveryTimeout(patience))
	return made, err
}

func (service *service) close() { service.producer.Close() }

// client is one with kotel's hooks. A topic that was just created is looked for ten times a second.
func (service *service) client(more ...kgo.Opt) (*kgo.Client, error) {
	hooks := kotel.NewKotel(kotel.WithTracer(service.tracer)).Hooks()
	return kgo.NewClient(append(more,
		kgo.SeedBrokers(service.brokers...),
		kgo.WithHooks(hooks...),
		kgo.MetadataMinAge(100*time.Millisecond),
	)...)
}

func (service *service) produce(topic string, requests []sendRequest) (any, error) {
	sending := sending{producer: service.producer}
	var records []*kgo.Record
	for _, request := range requests {
		ctx, err := request.Context.asCurrent(context.Background())
		if err != nil {
			return nil, err
		}
		record := &kgo.Record{Topic: topic, Key: []byte(request.Key), Value: []byte(request.Value)}
		sending.send(ctx, record)
		records = append(records, record)
	}
	if err := sending.finish(); err != nil {
		return nil, err
	}
	produced := []sent{}
	for _, record := range records {
		produced = append(produced, sent{string(record.Key), current(record.Context)})
	}
	return map[string]any{"produced": produced, "spans": service.finished()}, nil
}

func (service *service) consume(topic string, count int) (any, error) {
	consumed := []received{}
	err := service.each(topic, count, func(record *kgo.Record) {
		_, span := service.tracer.WithProcessSpan(record)
		span.End()
		consumed = append(consumed, asRead(record))
	})
	return map[string]any{"consumed": consumed}, err
}

func (service *service) relay(from, to string, count int) (any, error) {
	sending := sending{producer: service.producer}
	relayed := []received{}
	err := service.each(from, count, func(record *kgo.Record) {
		ctx, span := service.tracer.WithProcessSpan(record)
		defer span.End()
		span.SetAttributes(waited(record)...)
		relayed = append(relayed, asRead(record))
		headers := slices.Clone(record.Headers)
		sending.send(ctx, &kgo.Record{Topic: to, Key: record.Key, Value: record.Value, Headers: headers})
	})
	if failed := sending.finish(); err == nil {
		err = failed
	}
	return map[string]any{"relayed": relayed, "spans": service.finished()}, err
}

// each calls process for each of the first records of a topic.
func (service *service) each(topic string, count int, process func(*kgo.Record)) error {
	consumer, err := service.client(
		kgo.ConsumeTopics(topic), kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()))
	if err != nil {
		return err
	}
	defer consumer.Close()
	for left := count; left > 0; {
		ctx, cancel := context.WithTimeout(context.Background(), patience)
		fetches := consumer.PollRecords(ctx, left)
		cancel()
		if err := fetches.Err(); err != nil {
			return fmt.Errorf("record %d of %d from %s: %w", count-left+1, count, topic, err)
		}
		left -= fetches.NumRecords()
		fetches.EachRecord(process)
	}
	return nil
}

// sending is what was sent and not yet acknowledged.
type sending struct {
	producer *kgo.Client
	failed   error
}

func (sending *sending) send(ctx context.Context, record *kgo.Record) {
	sending.producer.Produce(ctx, record, func(record *kgo.Record, err error) {
		if err != nil && sending.failed == nil {
			sending.failed = fmt.Errorf("%s to %s: %w", record.Key, record.Topic, err)
		}
	})
}

func (sending *sending) finish() error {
	if err := sending.producer.Flush(context.Background()); err != nil {
		return err
	}
	return sending.failed
}
