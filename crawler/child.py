"""One crawl in a process of its own: ``python -m crawler.child``.

The first line on stdin is the task as JSON (`crawler.order`). Each line on stdout is an event as
JSON: ``progress`` with its ``counts``, a few times a second, and at the end one ``report`` with
``counts`` and ``problems``, and with a ``reason`` where the crawl failed or ended early. Logs go
to stderr. Exit code 0: done; 1: failed or ended early. The process ends in order on SIGTERM and
SIGINT, and when stdin ends, which it does with the parent.
"""

from __future__ import annotations

import sys

from crawler.events import Events
from crawler.order import read_order
from hanoiwatch.clock import run_ahead
from hanoiwatch.errors import BusyError, HanoiwatchError
from hanoiwatch.log import configure_logging


def main() -> int:
    """The exit code of the process."""
    configure_logging()
    events = Events(sys.stdout)
    try:
        order = read_order(sys.stdin.readline())
        run_ahead(order.ahead)
        from crawler.process import crawl_in_this_process  # scrapy: only once there is a task

        return crawl_in_this_process(order, events)
    except HanoiwatchError as error:
        busy = isinstance(error, BusyError)
        events.report(counts={}, problems=(), reason=str(error), busy=busy)
        return 1


if __name__ == "__main__":
    sys.exit(main())
