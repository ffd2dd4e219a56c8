'use strict';

// @confluentinc/kafka-javascript with Instana's instrumentation of it for OpenTelemetry. It does not tell what kind a
// message's timestamp is of. A message that is sent on with its received headers carries each context header twice: the
// instrumentation writes the new one behind the old one, and reads the first.

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
