"""A department's own program: takes each work order from the department's queue, and answers it.

`python department_consumer.py amqp://user:password@broker/ quality`; needs nothing but Python and aio-pika.
A reminder and further facts come as a work order again; the replies have the same ids again, and are obeyed once.
"""

import asyncio
import json
import sys
from collections.abc import Iterator

import aio_pika


def replies(order: dict[str, str]) -> Iterator[dict[str, str]]:
    """What the department answers to a work order; here is the place for its own system."""
    by = f"desk of round {order.get('round', 1)}"  # what was disputed is never answered by the same hand again
    reply = {"by": by, "task": order.get("task", ""), "number": order["number"], "department": order["department"]}
    yield reply | {"type": "accept"}
    yield reply | {"type": "resolve", "outcome": "explained", "answer": "We have looked into it and called you."}


async def main(url: str, department: str) -> None:
    """Answer whatever comes, until it is stopped; a work order leaves the queue when its replies are safe."""
    async with await aio_pika.connect_robust(url) as connection:
        channel = await connection.channel()  # the broker confirms what is published
        await channel.set_qos(prefetch_count=10)
        queue = await channel.get_queue(f"department.{department}")
        async with queue.iterator() as orders:
            async for message in orders:
                async with message.process(requeue=True):
                    order = json.loads(message.body)
                    for reply in replies(order) if not order.get("withdrawn") else ():  # a task not needed any more
                        known = "-".join(reply[name] for name in ("number", "department", "by", "task", "type"))
                        said = aio_pika.Message(json.dumps(reply).encode(), message_id=known, delivery_mode=2)
                        await channel.default_exchange.publish(said, routing_key=order["reply_to"])


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
