// Prints the alerts of some keys: node subscribe.mjs NAME KEY…   (needs amqplib; AMQP_URL names the broker)
//
// NAME is yours and stays the same, so that the queue gathers alerts while this program is not running.
import amqp from 'amqplib';

const [name, ...keys] = process.argv.slice(2);
if (keys.length === 0) {
  console.error('usage: node subscribe.mjs NAME KEY…');
  process.exit(2);
}
const url = process.env.AMQP_URL ?? 'amqp://subscriber:subscriber-demo@127.0.0.1:5672/%2f';
const connection = await amqp.connect(url);
const channel = await connection.createChannel();
const queue = `subscriber.${name}`;
await channel.assertQueue(queue, { durable: true, arguments: { 'x-queue-type': 'quorum' } });
for (const key of keys) await channel.bindQueue(queue, 'alerts', key);
await channel.prefetch(50);

// delivery is at least once: an alert seen before has the same id
const seen = new Set();
await channel.consume(queue, (message) => {
  // null: the queue was deleted
  if (message === null) process.exit(1);
  const id = message.properties.messageId;
  if (!seen.has(id)) {
    seen.add(id);
    if (seen.size > 10_000) seen.delete(seen.values().next().value);
    const article = JSON.parse(message.content).data;
    console.log(JSON.stringify({
      id,
      title: article.title,
      countries: article.countries.filter((c) => c.focus).map((c) => c.code),
      topics: article.topics.map((t) => t.name),
      said: article.officials.filter((o) => o.citation !== 'mentioned').map((o) => `${o.name} (${o.citation})`),
    }));
  }
  // only now: what is acked is gone
  channel.ack(message);
});
console.error(`listening on ${queue}`);
