'use strict';

// @confluentinc/kafka-javascript with Instana's instrumentation of it for OpenTelemetry. It does not report the
// type of a message's timestamp. A message that is forwarded with its received headers has each context header twice:
// the instrumentation writes the new one behind the old one, and reads the first.

const { ConfluentKafkaInstrumentation } = require('@instana/instrumentation-confluent-kafka-javascript');

module.exports = (brokers, clientId) => {
  new ConfluentKafkaInstrumentation();
  const { KafkaJS } = require('@confluentinc/kafka-javascript');
  const kafka = new KafkaJS.Kafka({ kafkaJS: { brokers: [brokers], clientId, logLevel: KafkaJS.logLevel.WARN } });
  return {
    libraries: ['@confluentinc/kafka-javascript', '@instana/instrumentation-confluent-kafka-javascript'],
    producer: () => kafka.producer({ kafkaJS: { acks: -1 }, 'linger.ms': 0 }),
    consumer: groupId => kafka.consumer({ kafkaJS: { groupId, fromBeginning: true } }),
    beginning: {},
    timestampType: () => null,
  };
};
