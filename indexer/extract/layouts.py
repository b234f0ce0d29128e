"""Which layout reads a page: the source's own, its family's, then every bundled family's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from hanoiwatch.clock import hanoi_day
from hanoiwatch.page.document import Document
from hanoiwatch.sources.schema import Family, Layout, Source
from indexer.extract.extractor import EXTRACTOR, extractor_name
from indexer.extract.fields import NOBODY, Outlet
from indexer.extract.selectors import compiled


@dataclass(frozen=True, slots=True, kw_only=True)
class LayoutBook:
    """Every layout there is, by family, and the outlets that may bring their own."""

    families: Mapping[str, Family] = field(default_factory=dict)
    sources: Mapping[str, Source] = field(default_factory=dict)
    version: str = EXTRACTOR
    """Of the code that reads with these layouts."""
    _extractors: dict[str, str] = field(default_factory=dict, init=False, repr=False, compare=False)

    def extractor(self, source: str | None) -> str:
        """The name under which pages of ``source`` are read now; worked out once."""
        key = source or ""
        if key not in self._extractors:
            self._extractors[key] = extractor_name(
                self.version, self.families, self.sources.get(key)
            )
        return self._extractors[key]

    def candidates(self, document: Document) -> Iterator[Layout]:
        """The layouts whose `when` matches the page, the best first.

        A layout of an unlisted outlet's family is found as well: each chooses itself.
        """
        source = self.sources.get(document.page.source or "")
        family = self.families.get(source.family or "") if source else None
        day = hanoi_day(document.page.captured_at)
        seen: set[str] = set()
        groups = [source.layouts if source else (), family.layouts if family else ()]
        groups += [one.layouts for one in self.families.values()]
        for group in groups:
            fresh = [layout for layout in group if layout.name not in seen]
            seen.update(layout.name for layout in fresh)
            matching = [one for one in fresh if compiled(one.when).matches(document)]
            yield from sorted(matching, key=lambda layout: _precedence(layout, day))

    def all(self) -> Iterator[Layout]:
        """The families' layouts, whatever the page."""
        for family in self.families.values():
            yield from family.layouts

    def outlet(self, document: Document) -> Outlet:
        """What this program knows of the page's outlet."""
        source = self.sources.get(document.page.source or "")
        if source is None:
            return NOBODY
        return Outlet(names=(source.title, source.name), founded=source.founded)


def _precedence(layout: Layout, day: date) -> date:
    """Of two layouts that match, the one that ended first after the capture holds; then those
    without an end; then those that had ended. (Sorting keeps the order of the file.)"""
    if layout.valid_until is None:
        return date.max.replace(day=1)
    return layout.valid_until if day <= layout.valid_until else date.max
