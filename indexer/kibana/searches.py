"""Saved searches, as Discover keeps them."""

from __future__ import annotations

from dataclasses import dataclass

from indexer.kibana.objects import SavedObject
from indexer.kibana.views import DataView, Question, search_source


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedSearch:
    id: str
    title: str
    description: str
    view: DataView
    question: Question
    columns: tuple[str, ...]

    def saved(self) -> SavedObject:
        source, references = search_source(self.question, self.view)
        attributes = {
            "title": self.title,
            "description": self.description,
            "columns": list(self.columns),
            "sort": [[self.view.time_field, "desc"]],
            "grid": {},
            "hideChart": False,
            "isTextBasedQuery": False,
            "kibanaSavedObjectMeta": {"searchSourceJSON": source},
        }
        return SavedObject(type="search", id=self.id, attributes=attributes, references=references)
