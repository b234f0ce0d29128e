"""Rules that Kibana evaluates by itself: Elasticsearch queries over the time of indexing.

By that time, and not by publication, an article that was published long ago and comes in today
is still seen.
"""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from indexer.kibana.objects import compact

TIME_FIELD = "indexed_at"
EVERY_MINUTES = 5
WINDOW_MINUTES = 30
"""Several times the pause between two looks, for a Kibana that was busy or restarted; what a look
has already told of is left out of the next."""
HITS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """``key`` names it among ours."""

    key: str
    name: str
    index: str
    query: Mapping[str, Any]

    @property
    def id(self) -> str:
        """The same for the same index and key; of the form that Kibana takes, a random UUID's."""
        digest = hashlib.sha256(f"{self.index} {self.key}".encode()).digest()
        return str(uuid.UUID(bytes=digest[:16], version=4))

    def body(self) -> dict[str, Any]:
        """What the alerting API is sent to make it."""
        return {
            "name": self.name,
            "rule_type_id": ".es-query",
            "consumer": "stackAlerts",
            "enabled": True,
            "tags": ["hanoiwatch"],
            "schedule": {"interval": f"{EVERY_MINUTES}m"},
            "params": {
                "searchType": "esQuery",
                "index": [self.index],
                "timeField": TIME_FIELD,
                "esQuery": compact({"query": self.query}),
                "size": HITS,
                "timeWindowSize": WINDOW_MINUTES,
                "timeWindowUnit": "m",
                "threshold": [0],
                "thresholdComparator": ">",
                "excludeHitsFromPreviousRun": True,
                "aggType": "count",
                "groupBy": "all",
            },
            "actions": [],
        }
