"""Alerts: what readers asked to be told of, from a revision to a message that arrived.

    revision --evaluating--> alert --settling--> message --delivering--> channel

Every arrow is a table with a done-mark. docs/explanation/alerts.md tells the guarantees,
docs/decisions/0021 and 0022 why it is built so.
"""
