"""Which module renders which template."""

from __future__ import annotations

from collections.abc import Callable

from hanoiwatch.sample.articles import TemplateName
from hanoiwatch.sample.edition import Edition, Entry
from hanoiwatch.sample.render import onecms

_PAGES: dict[TemplateName, Callable[[Entry, Edition], str]] = {
    "onecms-new": onecms.new_page,
    "onecms-old": onecms.old_page,
    "vccorp": onecms.new_page,
    "epi": onecms.new_page,
    "mastercms": onecms.new_page,
}


def article_page(entry: Entry, edition: Edition) -> str:
    """The article's HTML in the markup of its template."""
    return _PAGES[entry.article.template](entry, edition)
