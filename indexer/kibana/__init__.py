"""What a data person finds in Kibana: data views, saved searches, charts, a dashboard and rules.

Made by typed code, so that every field they name is one of the index's mapping; written to
``deploy/kibana`` and, by `hanoiwatch kibana import`, into a running Kibana.
docs/howto/kibana.md tells what is there, and what was never run.
"""
