'use strict';

// Reads commands from standard input and answers each: CLIENT BROKERS SERVICE.

const path = require('node:path');
const readline = require('node:readline');
const telemetry = require('./telemetry');

const COMMANDS = ['produce', 'consume', 'relay'];

async function main([name, brokers, serviceName]) {
  telemetry.start(serviceName);
  const client = require(`./clients/${name}`)(brokers, serviceName);
  const { Service } = require('./service');
  const service = new Service(client);
  await service.open();
  say({ ready: true, language: 'Node.js', libraries: versions(client.libraries) });
  for await (const line of readline.createInterface({ input: process.stdin })) {
    say(await answer(service, line));
  }
  await service.close();
}

async function answer(service, line) {
  try {
    const command = JSON.parse(line);
    if (!COMMANDS.includes(command.command)) {
      throw new Error(`there is no command ${command.command}`);
    }
    return await service[command.command](command);
  } catch (error) {
    return { error: String(error) };
  }
}

// As npm has installed them.
function versions(libraries) {
  const names = [...libraries, '@opentelemetry/api', '@opentelemetry/core', '@opentelemetry/sdk-trace-base'];
  const { packages } = require(path.join(process.env.NODE_PATH, '.package-lock.json'));
  return Object.fromEntries(names.map(name => [name, packages[`node_modules/${name}`].version]));
}

function say(line) {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

if (process.argv.length !== 5) {
  console.error('usage: kafkajs|confluent BROKERS SERVICE');
  process.exit(2);
}
main(process.argv.slice(2)).catch(error => {
  console.error(error);
  process.exit(1);
});
