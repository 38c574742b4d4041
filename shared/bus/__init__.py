"""RabbitMQ: topology, publisher, consumer, dead letters. Nothing outside this package knows aio_pika."""

from shared.bus.connection import Bus
from shared.bus.topology import Topology

__all__ = ["Bus", "Topology"]
