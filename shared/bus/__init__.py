"""RabbitMQ: topology, publisher, consumer, dead letters. Nothing outside this package knows aio_pika."""

from shared.bus.connection import Bus
from shared.bus.consumer import Delivery, Verdict, dead, done, failed, later
from shared.bus.topology import Topology

__all__ = ["Bus", "Delivery", "Topology", "Verdict", "dead", "done", "failed", "later"]
