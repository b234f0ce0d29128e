"""`python -m hanoiwatch`."""

from hanoiwatch.cli.main import main

main()
