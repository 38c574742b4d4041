"""`python -m deploy.local`: see to it that private servers can be started here, or say what is missing."""

import sys

from deploy.local.packages import rabbitmq_root
from deploy.local.process import ServerFailed

if __name__ == "__main__":
    try:
        rabbitmq_root()
    except ServerFailed as failure:
        sys.exit(str(failure))
