"""What a data person finds in Kibana: data views, saved searches, charts, a dashboard and rules.

Made by typed code, so that every field they name is one of the index's mapping; written to
``deploy/kibana`` and, by `hanoiwatch kibana import`, into a running Kibana.
docs/decisions/0026 tells why they are made so, and what was never run.
"""
