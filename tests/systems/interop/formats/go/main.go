// A tracer that has its own formats, over franz-go: TRACER BROKERS SERVICE.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"runtime/debug"
	"slices"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

// patience is how long a record may keep us waiting.
const patience = 60 * time.Second

// tracer is what a library does with the headers of a record.
type tracer interface {
	// inject writes a context that is told in the driver's words.
	inject(format string, told spanContext) ([]kgo.RecordHeader, error)
	// relay reads a context and writes that of a child; nil is none.
	relay(format string, headers []kgo.RecordHeader) (received, sent *spanContext, written []kgo.RecordHeader, err error)
}

// spanContext is a context in the words of the driver.
type spanContext struct {
	TraceID  string `json:"trace_id"`
	SpanID   string `json:"span_id"`
	Sampling string `json:"sampling"`
}

type command struct {
	Command string   `json:"command"`
	Format  string   `json:"format"`
	Topic   string   `json:"topic"`
	Records []record `json:"records"`
	From    string   `json:"from"`
	To      string   `json:"to"`
	Count   int      `json:"count"`
}

type record struct {
	Key     string      `json:"key"`
	Value   string      `json:"value"`
	Context spanContext `json:"context"`
}

type relayed struct {
	Key     string       `json:"key"`
	Context *spanContext `json:"context"`
	Sent    *spanContext `json:"sent"`
}

func main() {
	log.SetFlags(0)
	if len(os.Args) != 4 {
		log.Fatal("usage: TRACER BROKERS SERVICE")
	}
	if err := serve(os.Args[1], os.Args[2]); err != nil {
		log.Fatal(err)
	}
}

func serve(name, brokers string) error {
	tracer, modules, err := tracerOf(name)
	if err != nil {
		return err
	}
	client, err := kgo.NewClient(kgo.SeedBrokers(brokers), kgo.MetadataMinAge(100*time.Millisecond))
	if err != nil {
		return err
	}
	answers := json.NewEncoder(os.Stdout)
	ready := map[string]any{"ready": true, "language": "Go", "libraries": libraries(modules)}
	if err := answers.Encode(ready); err != nil {
		return err
	}
	input := bufio.NewScanner(os.Stdin)
	input.Buffer(nil, 1<<20)
	for input.Scan() {
		answer, err := do(tracer, client, brokers, input.Bytes())
		if err != nil {
			answer = map[string]string{"error": err.Error()}
		}
		if err := answers.Encode(answer); err != nil {
			return err
		}
	}
	return input.Err()
}

func tracerOf(name string) (tracer, []string, error) {
	switch name {
	case "opentelemetry":
		return newOpenTelemetry()
	case "dd-trace-go":
		return newDatadog()
	}
	return nil, nil, fmt.Errorf("no tracer is named %q", name)
}

func do(tracer tracer, client *kgo.Client, brokers string, line []byte) (any, error) {
	var told command
	if err := json.Unmarshal(line, &told); err != nil {
		return nil, fmt.Errorf("this is no command: %w", err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	if told.Command == "send" {
		return send(ctx, tracer, client, told)
	}
	return relay(ctx, tracer, client, brokers, told)
}

func send(ctx context.Context, tracer tracer, client *kgo.Client, told command) (any, error) {
	for _, record := range told.Records {
		headers, err := tracer.inject(told.Format, record.Context)
		if err != nil {
			return nil, err
		}
		sent := &kgo.Record{
			Topic: told.Topic, Key: []byte(record.Key), Value: []byte(record.Value), Headers: headers,
		}
		if err := client.ProduceSync(ctx, sent).FirstErr(); err != nil {
			return nil, err
		}
	}
	return map[string]int{"sent": len(told.Records)}, nil
}

func relay(ctx context.Context, tracer tracer, client *kgo.Client, brokers string, told command) (any, error) {
	consumer, err := kgo.NewClient(kgo.SeedBrokers(brokers), kgo.ConsumeTopics(told.From),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()), kgo.MetadataMinAge(100*time.Millisecond))
	if err != nil {
		return nil, err
	}
	defer consumer.Close()
	all := []relayed{}
	for len(all) < told.Count {
		fetches := consumer.PollRecords(ctx, told.Count-len(all))
		if err := fetches.Err(); err != nil {
			return nil, err
		}
		for _, record := range fetches.Records() {
			received, sent, headers, err := tracer.relay(told.Format, record.Headers)
			if err != nil {
				return nil, err
			}
			next := &kgo.Record{Topic: told.To, Key: record.Key, Value: record.Value, Headers: headers}
			if err := client.ProduceSync(ctx, next).FirstErr(); err != nil {
				return nil, err
			}
			all = append(all, relayed{string(record.Key), received, sent})
		}
	}
	return map[string]any{"relayed": all}, nil
}

// carrier is a record's headers as kotel hands them to a propagator: names as they are, the last of a name.
type carrier struct{ headers []kgo.RecordHeader }

func (carrier *carrier) Get(key string) string {
	for _, header := range slices.Backward(carrier.headers) {
		if header.Key == key {
			return string(header.Value)
		}
	}
	return ""
}

func (carrier *carrier) Set(key, value string) {
	carrier.headers = append(carrier.headers, kgo.RecordHeader{Key: key, Value: []byte(value)})
}

func (carrier *carrier) Keys() []string {
	var keys []string
	for _, header := range carrier.headers {
		keys = append(keys, header.Key)
	}
	return keys
}

func (carrier *carrier) ForeachKey(handle func(key, value string) error) error {
	for _, header := range carrier.headers {
		if err := handle(header.Key, string(header.Value)); err != nil {
			return err
		}
	}
	return nil
}

// libraries are those that do the work, as the build holds them.
func libraries(modules []string) map[string]string {
	versions := map[string]string{}
	build, _ := debug.ReadBuildInfo()
	for _, module := range build.Deps {
		if slices.Contains(modules, module.Path) {
			versions[module.Path] = module.Version
		}
	}
	return versions
}
