// A department's own program in JavaScript: takes each work order from the department's queue, and answers it.
//
// `npm install amqplib`, then `node department_consumer.mjs amqp://user:password@broker/ quality`.
// A reminder and further facts come as a work order again; the replies have the same ids again, and are obeyed once.

import amqplib from "amqplib";

// What the department answers to a work order; here is the place for its own system.
function replies(order) {
  if (order.withdrawn) return []; // the department that leads does not need this task any more
  const { number, department, round = 1, task = "" } = order;
  const reply = { number, department, by: `desk of round ${round}`, task };
  return [
    { ...reply, type: "accept" },
    { ...reply, type: "resolve", outcome: "explained", answer: "We have looked into it and called you." },
  ].map((said) => [`${number}-${department}-${round}-${task}-${said.type}`, said]);
}

const [url, department] = process.argv.slice(2);
const connection = await amqplib.connect(url);
const channel = await connection.createConfirmChannel(); // the broker confirms what is published
await channel.prefetch(10);

// What became of each reply comes back here: `{"result": "done"}`, or a problem that says what is wrong.
const { queue: results } = await channel.assertQueue("", { exclusive: true });
await channel.consume(results, (answer) => console.log(answer.properties.correlationId, answer.content.toString()), {
  noAck: true,
});

// A work order leaves the queue when its replies are safe.
await channel.consume(`department.${department}`, async (message) => {
  const order = JSON.parse(message.content);
  for (const [messageId, said] of replies(order)) {
    const body = Buffer.from(JSON.stringify(said));
    channel.sendToQueue(order.reply_to, body, { messageId, replyTo: results, persistent: true });
  }
  await channel.waitForConfirms();
  channel.ack(message);
});
