"""``python -m tests.alerted.at SECONDS WORDS…``: the command line with its clock so far ahead."""

from __future__ import annotations

import sys
from datetime import timedelta

from hanoiwatch import clock
from hanoiwatch.cli.main import main

if __name__ == "__main__":
    clock.run_ahead(timedelta(seconds=float(sys.argv.pop(1))))
    main()
