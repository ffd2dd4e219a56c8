'use strict';

// kafkajs with @opentelemetry/instrumentation-kafkajs, which has to be there before it is loaded.

const { KafkaJsInstrumentation } = require('@opentelemetry/instrumentation-kafkajs');

module.exports = (brokers, clientId) => {
  new KafkaJsInstrumentation();
  const { Kafka, Partitioners, logLevel } = require('kafkajs');
  const kafka = new Kafka({ brokers: [brokers], clientId, logLevel: logLevel.WARN });
  return {
    libraries: ['kafkajs', '@opentelemetry/instrumentation-kafkajs'],
    producer: () => kafka.producer({ createPartitioner: Partitioners.DefaultPartitioner }),
    consumer: groupId => kafka.consumer({ groupId }),
    beginning: { fromBeginning: true },
    timestampType: message => (message.batchContext.timestampType === 1 ? 'log_append_time' : 'create_time'),
  };
};
