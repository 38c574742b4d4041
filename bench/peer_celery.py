"""Celery on RabbitMQ: tasks with one and the same ETA, each of which publishes one confirmed message.

Run by `bench/peers.py` in a virtual environment of its own: it knows nothing of this project. As a program it sends the
tasks; `celery --app bench.peer_celery worker` fires them.
"""

import os
import sys
from datetime import UTC, datetime

from celery import Celery

app = Celery("peer", broker=os.environ["PEER_AMQP_URL"])
app.conf.broker_transport_options = {"confirm_publish": True}
app.conf.task_ignore_result = True


@app.task(name="fire")
def fire(serial: int, queue: str) -> None:
    """Publish one message."""
    with app.producer_or_acquire() as producer:
        producer.publish({"number": f"{serial}"}, serializer="json", routing_key=queue, delivery_mode=2)


def main(queue: str, count: str, due: str) -> None:
    """Send them all."""
    eta = datetime.fromtimestamp(float(due), UTC)
    for serial in range(int(count)):
        fire.apply_async((serial, queue), eta=eta)


if __name__ == "__main__":
    main(*sys.argv[1:])
