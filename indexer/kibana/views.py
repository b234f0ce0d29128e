"""Data views: which index Kibana reads, and by which field it tells time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from indexer.kibana.objects import Reference, SavedObject, compact

Language = Literal["lucene", "kuery"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DataView:
    id: str
    index: str
    name: str
    time_field: str

    def saved(self) -> SavedObject:
        attributes = {
            "title": self.index,
            "name": self.name,
            "timeFieldName": self.time_field,
            "fields": "[]",
            "fieldAttrs": "{}",
            "fieldFormatMap": "{}",
            "runtimeFieldMap": "{}",
            "sourceFilters": "[]",
            "typeMeta": "{}",
        }
        return SavedObject(type="index-pattern", id=self.id, attributes=attributes)

    def called(self, name: str) -> Reference:
        return Reference(name=name, type="index-pattern", id=self.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What narrows a view: words in Lucene's syntax, which searches the default fields; and a
    value that a field must have. Both may be empty."""

    lucene: str = ""
    field: str = ""
    value: str = ""
    label: str = ""
    """What the value is called for people."""

    def query(self) -> dict[str, str]:
        return {"query": self.lucene, "language": "lucene"}

    def filters(self, index_name: str) -> list[dict[str, Any]]:
        """``index_name``: what the object calls its data view."""
        if not self.field:
            return []
        meta = {
            "indexRefName": index_name,
            "type": "phrase",
            "key": self.field,
            "field": self.field,
            "params": {"query": self.value},
            "alias": self.label or None,
            "negate": False,
            "disabled": False,
        }
        return [
            {
                "meta": meta,
                "query": {"match_phrase": {self.field: self.value}},
                "$state": {"store": "appState"},
            }
        ]


EVERYTHING = Question()


def search_source(question: Question, view: DataView) -> tuple[str, tuple[Reference, ...]]:
    """The ``searchSourceJSON`` of a search, and the names by which it calls its data view."""
    whole = "kibanaSavedObjectMeta.searchSourceJSON.index"
    narrow = "kibanaSavedObjectMeta.searchSourceJSON.filter[0].meta.index"
    filters = question.filters(narrow)
    source = {
        "highlightAll": True,
        "version": True,
        "query": question.query(),
        "filter": filters,
        "indexRefName": whole,
    }
    names = (whole, narrow) if filters else (whole,)
    return compact(source), tuple(view.called(name) for name in names)
