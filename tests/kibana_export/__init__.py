"""Reads an export as Kibana's documented schemas have it, and asks what Kibana would ask.

The shapes are written anew from Kibana's published schemas of these types: `search` as of 8.8
(`SCHEMA_SEARCH_V8_8_0`), `dashboard` as of 8.9 (its attributes, version 1), `lens` as of 8.9
(attributes, and the state that its form-based datasource, its metric and its xy visualization
keep), `index-pattern` as of 8.0. Every struct forbids what they do not know, and so does Kibana.
"""

from tests.kibana_export.asked import Request, request_of_rule, requests_of
from tests.kibana_export.dashboards import panels_of
from tests.kibana_export.objects import read_export
from tests.kibana_export.rules import RuleBody

__all__ = ["Request", "RuleBody", "panels_of", "read_export", "request_of_rule", "requests_of"]
