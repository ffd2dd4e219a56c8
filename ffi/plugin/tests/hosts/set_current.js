// Relays a record of "in" to "out", then names the context of the next ones itself: set_current.js BROKERS PLUGIN.

const { Producer, KafkaConsumer } = require("@confluentinc/kafka-javascript");
const koffi = require("koffi");

const [brokers, plugin] = process.argv.slice(2);
const client = { "bootstrap.servers": brokers, "plugin.library.paths": plugin, "tracebaton.forward": "consumed" };
const producer = new Producer(client);
const consumer = new KafkaConsumer({ ...client, "group.id": "relay", "fetch.wait.max.ms": 10 });

function context(number) {
    const digits = number.toString(16).padStart(8, "0");
    return [
        `00-0af7651916cd43dd8448eb21${digits}-b7ad6b7169203331-01`,
        `vendor=n${number}, other=1`,
        `number=${number};property`,
    ];
}

function fail(error) {
    console.error(error);
    process.exit(1);
}

const produce = () => producer.produce("out", 0, Buffer.from(""));

function sendAll() {
    produce(); // The record was consumed in another thread.
    const set = koffi.load(plugin).func("int tracebaton_plugin_set_current(const char *, const char *, const char *)");
    const clear = koffi.load(plugin).func("void tracebaton_plugin_clear()");
    if (set(...context(1)) !== 0) fail("a context");
    produce();
    clear();
    produce();
    producer.flush(60000, (error) => (error ? fail(error) : process.exit(0)));
}

function consumeOne() {
    consumer.consume(1, (error, messages) => {
        if (error) fail(error);
        if (messages.length === 0) return consumeOne();
        sendAll();
    });
}

producer.connect({}, (error) => {
    if (error) fail(error.message);
    consumer.connect({}, (error) => {
        if (error) fail(error.message);
        consumer.assign([{ topic: "in", partition: 0, offset: 0 }]);
        consumeOne();
    });
});
