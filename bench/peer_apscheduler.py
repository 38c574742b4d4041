"""APScheduler 3 with its MongoDB job store: timers due at one instant, each of which publishes one confirmed message.

Run by `bench/peers.py` in a virtual environment of its own: it knows nothing of this project.
"""

import sys
import threading
from datetime import UTC, datetime

from apscheduler.jobstores.mongodb import MongoDBJobStore
from apscheduler.schedulers.background import BackgroundScheduler
from kombu import Connection
from pymongo import MongoClient

AMQP_URL, MONGODB_URL, DATABASE, QUEUE, COUNT, DUE = sys.argv[1:]

of_this_thread = threading.local()


def fire(serial: int) -> None:
    """Publish one message; each of the scheduler's threads has a connection of its own."""
    if not hasattr(of_this_thread, "producer"):
        connection = Connection(AMQP_URL, transport_options={"confirm_publish": True})
        of_this_thread.producer = connection.Producer(serializer="json")
    of_this_thread.producer.publish({"number": f"{serial}"}, routing_key=QUEUE, delivery_mode=2)


def main() -> None:
    """Arm them all, then let the scheduler run until it is killed."""
    store = MongoDBJobStore(database=DATABASE, client=MongoClient(MONGODB_URL))
    # Without an end to its grace it drops what it cannot fire within a second.
    scheduler = BackgroundScheduler(
        jobstores={"default": store}, job_defaults={"misfire_grace_time": None}, timezone=UTC
    )
    scheduler.start(paused=True)
    due = datetime.fromtimestamp(float(DUE), UTC)
    for serial in range(int(COUNT)):
        scheduler.add_job(fire, "date", run_date=due, args=[serial])
    if datetime.now(UTC) > due:
        sys.exit("arming took longer than expected")
    scheduler.resume()
    threading.Event().wait()


if __name__ == "__main__":
    main()
