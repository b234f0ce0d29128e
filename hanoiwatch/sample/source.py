"""The source file under which the crawler knows a running sample outlet."""

from __future__ import annotations

from hanoiwatch.sample.addresses import ARTICLE_URL
from hanoiwatch.sample.site import Site, sample_site

SOURCE_NAME = "bao-thu-do-mau"


def source_toml(base_url: str, name: str = SOURCE_NAME, site: Site | None = None) -> str:
    """A source file (TOML) for the outlet at ``base_url``: every feed, sitemap and section.

    It names no family: the pages are of five templates, and layouts choose themselves.
    """
    site = site or sample_site()
    sections = [f"{base_url}/{section}" for section in site.sections]
    feeds = [
        f"{base_url}/rss/home",
        *(f"{base_url}/rss/{section}" for section in site.sections),
        f"{base_url}/atom.xml",
        f"{base_url}/rdf/xa-hoi",
    ]
    return f"""\
name = "{name}"
title = "{site.title}"
home = "{base_url}/"
rights = "full"

[discover]
feeds = [{_strings(feeds)}]
sitemaps = [{_strings([f"{base_url}/sitemap.xml", f"{base_url}/sitemap-news.xml"])}]
sections = [{_strings(sections)}]
section_pages = 3
page_url = "{{section}}/trang-{{page}}"
article_url = '{ARTICLE_URL}'
exclude_url = '/podcast/'

[fetch]
delay_seconds = 0.0
"""


def _strings(values: list[str]) -> str:
    return "".join(f'\n    "{value}",' for value in values) + "\n"
