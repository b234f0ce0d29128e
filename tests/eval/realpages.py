"""The real pages beside the repository, in the form in which pages of our own are judged.

Their gold tells fewer fields: title, lead, byline, time, paragraphs, and captions with the credit
in them. A box in the text counts neither way.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from tests.eval.judged import Judged
from tests.eval.pages import RealPage, bundled_layouts, real_pages


def real_judged() -> list[Judged]:
    """The articles among them, by outlet."""
    book = bundled_layouts()
    articles = [page for page in real_pages() if page.kind == "article"]
    return [
        Judged(
            group=urlsplit(page.page.url).hostname or "",
            slug=page.file,
            page=page.page,
            truth=_truth(page),
            layouts=book,
            told=frozenset({"title", "lead", "byline", "published", "text", "captions", "clean"}),
        )
        for page in articles
    ]


def _truth(page: RealPage) -> dict[str, object]:
    gold = page.gold
    boxes = {" ".join(box.split()) for box in gold["inset_boxes"]}
    kept = [text for text in gold["paragraphs"] if " ".join(text.split()) not in boxes]
    return {
        "title": gold["title"],
        "lead": gold["lead"],
        "lead_prefix": None,
        "byline": [gold["author"]] if gold["author"] else [],
        "photographers": [],
        "original_source": None,
        "published_at": gold["published"],
        "section": None,
        "tags": [],
        "blocks": [{"kind": "paragraph", "text": text} for text in kept],
        "images": [{"caption": one, "credit": ""} for one in gold["captions"]],
        "boxes": gold["inset_boxes"],
        "must_not_contain": gold["must_not_contain"],
    }
