"""Which address a CMS family gives an article."""

from __future__ import annotations

from datetime import timedelta

from hanoiwatch.clock import HANOI
from hanoiwatch.sample.articles import SampleArticle

ARTICLE_URL = r"/[a-z0-9-]+-(\d{6,7}\.html|102\d{15}\.htm|post\d+\.html)\b"
"""A regular expression that the address of every article of the outlet matches."""

_WRITTEN_BEFORE = timedelta(minutes=37)
"""VCCorp numbers an article by the moment it was begun, which is before it is published."""


def article_path(article: SampleArticle, number: int) -> str:
    """The path of the outlet's ``number``-th article, in the manner of its CMS."""
    match article.template:
        case "onecms-new" | "onecms-old":
            return f"/{article.slug}-{1_200_000 + number}.html"
        case "vccorp":
            begun = (article.published - _WRITTEN_BEFORE).astimezone(HANOI)
            return f"/{article.slug}-102{begun:%y%m%d%H%M%S}{number % 1000:03d}.htm"
        case "epi":
            return f"/{article.slug}-post{300_000 + number}.html"
        case "mastercms":
            return f"/{article.slug}-{400_000 + number}.html"
