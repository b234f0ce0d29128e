"""Which module renders which template."""

from __future__ import annotations

from collections.abc import Callable

from hanoiwatch.sample.articles import TemplateName
from hanoiwatch.sample.edition import Edition, Entry
from hanoiwatch.sample.render import epi, mastercms, onecms, vccorp
from hanoiwatch.sample.render.padding import padded

_PAGES: dict[TemplateName, Callable[[Entry, Edition], str]] = {
    "onecms-new": onecms.new_page,
    "onecms-old": onecms.old_page,
    "vccorp": vccorp.page,
    "epi": epi.page,
    "mastercms": mastercms.page,
}


def article_page(entry: Entry, edition: Edition) -> str:
    """The article's HTML in the markup of its template, as heavy as the edition asks."""
    html = _PAGES[entry.article.template](entry, edition)
    return padded(html, edition.padding_kb * 1000) if edition.padding_kb else html
