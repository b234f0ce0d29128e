"""Real Elasticsearch nodes on loopback, for tests and development. See README.md here."""

from tests.elasticnode.build import why_no_node
from tests.elasticnode.node import Node, start_node
from tests.ports import free_port

__all__ = ["Node", "free_port", "start_node", "why_no_node"]
