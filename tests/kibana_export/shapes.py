"""What every saved object has, data views and saved searches among them."""

# ruff: noqa: N815 - the fields are called as Kibana calls them
from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType


class Strict(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    pass


NonEmpty = Annotated[str, Meta(min_length=1)]


class Reference(Strict):
    name: NonEmpty
    type: Literal["index-pattern", "search", "lens"]
    id: NonEmpty


class Query(Strict):
    query: str
    language: Literal["lucene", "kuery"]


class Appearance(Strict):
    store: Literal["appState", "globalState"]


class FilterMeta(Strict):
    """Of a filter on one value; ``indexRefName`` is the name of a reference."""

    indexRefName: NonEmpty
    type: Literal["phrase"]
    key: NonEmpty
    field: NonEmpty
    params: dict[Literal["query"], str]
    alias: str | None
    negate: bool
    disabled: bool


class Filter(Strict):
    meta: FilterMeta
    query: dict[str, Any]
    state: Appearance = msgspec.field(name="$state")


class SearchSource(Strict):
    query: Query
    filter: list[Filter]
    highlightAll: bool | UnsetType = UNSET
    version: bool | UnsetType = UNSET
    indexRefName: NonEmpty | UnsetType = UNSET


class ObjectMeta(Strict):
    searchSourceJSON: str


class DataViewAttributes(Strict):
    title: NonEmpty
    name: NonEmpty
    timeFieldName: NonEmpty
    fields: str
    fieldAttrs: str
    fieldFormatMap: str
    runtimeFieldMap: str
    sourceFilters: str
    typeMeta: str


class SearchAttributes(Strict):
    title: NonEmpty
    description: str
    columns: list[str]
    sort: list[Annotated[list[str], Meta(min_length=2, max_length=2)]]
    grid: dict[Literal["columns"], dict[str, Any]]
    hideChart: bool
    isTextBasedQuery: bool
    kibanaSavedObjectMeta: ObjectMeta


class SavedObject(Strict):
    type: Literal["index-pattern", "search", "lens", "dashboard"]
    id: NonEmpty
    attributes: dict[str, Any]
    references: list[Reference]
    coreMigrationVersion: Literal["8.8.0"]
    typeMigrationVersion: Literal["8.0.0", "8.9.0"]
    managed: bool

    def named(self, name: str) -> str:
        """The id of what it calls so."""
        (found,) = [one.id for one in self.references if one.name == name]
        return found
