// franz-go with kotel and OpenTelemetry's SDK, as a program of the matrix.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"os"
	"runtime/debug"
)

// command is one line of standard input.
type command struct {
	Command string        `json:"command"`
	Topic   string        `json:"topic"`
	Records []sendRequest `json:"records"`
	From    string        `json:"from"`
	To      string        `json:"to"`
	Count   int           `json:"count"`
}

type sendRequest struct {
	Key     string      `json:"key"`
	Value   string      `json:"value"`
	Context wireContext `json:"context"`
}

func main() {
	log.SetFlags(0)
	if len(os.Args) != 3 {
		log.Fatal("usage: franz-go BROKERS SERVICE")
	}
	if err := serve(os.Args[1], os.Args[2]); err != nil {
		log.Fatal(err)
	}
}

func serve(brokers, name string) error {
	answers := json.NewEncoder(os.Stdout)
	ready := map[string]any{"ready": true, "language": "Go", "libraries": libraries()}
	if err := answers.Encode(ready); err != nil {
		return err
	}
	input := bufio.NewReader(os.Stdin)
	for {
		line, err := input.ReadBytes('\n')
		if len(line) > 0 {
			if err := answers.Encode(answer(brokers, name, line)); err != nil {
				return err
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("standard input: %w", err)
		}
	}
}

func answer(brokers, name string, line []byte) any {
	done, err := do(brokers, name, line)
	if err != nil {
		return map[string]string{"error": err.Error()}
	}
	return done
}

func do(brokers, name string, line []byte) (any, error) {
	var told command
	if err := json.Unmarshal(line, &told); err != nil {
		return nil, fmt.Errorf("this is no command: %w", err)
	}
	service, err := newService(brokers, name)
	if err != nil {
		return nil, err
	}
	defer service.close()
	switch told.Command {
	case "produce":
		return service.produce(told.Topic, told.Records)
	case "consume":
		return service.consume(told.Topic, told.Count)
	case "relay":
		return service.relay(told.From, told.To, told.Count)
	}
	return nil, fmt.Errorf("no command is named %q", told.Command)
}

// libraries are those that do the work, as the build holds them.
func libraries() map[string]string {
	versions := map[string]string{}
	build, _ := debug.ReadBuildInfo()
	for _, module := range build.Deps {
		switch module.Path {
		case "github.com/twmb/franz-go", "github.com/twmb/franz-go/plugin/kotel",
			"go.opentelemetry.io/otel", "go.opentelemetry.io/otel/sdk":
			versions[module.Path] = module.Version
		}
	}
	return versions
}
