"""Real MongoDB and RabbitMQ as private processes of this machine, for running, tests and measurements."""

from deploy.local.process import ServerFailed
from deploy.local.servers import Servers, start

__all__ = ["ServerFailed", "Servers", "start"]
