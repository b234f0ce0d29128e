"""Writes the tables of docs/reference/sources.md from the records and the bundled files."""

from __future__ import annotations

import dataclasses

from hanoiwatch.sources.loader import load_families, load_sources
from hanoiwatch.sources.schema import Family, Layout, Source

LAYOUT_KEYS = {
    "name": "letters a-z, digits and `-`; in a source's own file by default its place: 1, 2, …",
    "when": "required; the layout is for pages where this selects something",
    "title": "the headline",
    "lead": "the lead (sapo)",
    "text": "the container of headings and paragraphs; what is in it is cleaned",
    "byline": "who wrote it",
    "published": "the visible time of publication",
    "published_formats": "how that time is written, the likeliest first",
    "modified": "the visible time of the last change",
    "section": "the section's name",
    "tags": "each tag",
    "caption": "captions of images",
    "cover": "a lead image that stands outside the container",
    "inset": "boxes of prose beside the text, kept as insets",
    "original_source": "where a reprint says whose it is",
    "bold_headings": "whether a paragraph that is bold throughout is a heading",
    "drop": "what stands in the container and is not the article",
    "valid_until": "a date: of two layouts that select something, which holds for pages captured "
    "until then",
}
TYPES = {
    "str": "selector, none",
    "tuple[str, ...]": "list of selectors",
    "bool": "true or false; false",
    "date | None": "date, none",
}
LISTS = ("feeds", "sitemaps", "sections")
SPECIAL_TYPES = {"name": "text", "when": "selector", "published_formats": "list of time formats"}


def layout_table() -> str:
    return "".join(
        f"| `{one.name}` | {SPECIAL_TYPES.get(one.name) or TYPES[str(one.type)]} "
        f"| {LAYOUT_KEYS[one.name]} |\n"
        for one in dataclasses.fields(Layout)
    )


def family_table() -> str:
    head = "| family | system | layouts | bundled sources |\n| --- | --- | --- | --- |\n"
    sources = tuple(load_sources().values())
    return head + "".join(_family_row(one, sources) for one in load_families().values())


def _family_row(family: Family, sources: tuple[Source, ...]) -> str:
    members = [one.name for one in sources if one.family == family.name]
    layouts = ", ".join(f"`{layout.name}`" for layout in family.layouts)
    return f"| `{family.name}` | {family.title} | {layouts} | {', '.join(members) or '-'} |\n"


def source_table() -> str:
    head = (
        "| source | outlet | on | family | lists | known |\n| --- | --- | --- | --- | --- | --- |\n"
    )
    return head + "".join(_source_row(one) for one in load_sources().values())


def _source_row(source: Source) -> str:
    counts = {part: len(getattr(source.discover, part)) for part in LISTS}
    lists = ", ".join(
        f"{count} {part if count > 1 else part[:-1]}" for part, count in counts.items() if count
    )
    state = "yes" if source.enabled else "no"
    return (
        f"| `{source.name}` | [{source.title}]({source.home}) | {state} | {source.family or '-'} "
        f"| {lists} | {source.verified} |\n"
    )
