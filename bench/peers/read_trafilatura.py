"""trafilatura reads pages with its metadata, times as exact as it tells them (``answering.py``)."""

from answering import answer_all
from trafilatura import bare_extraction

TIMES = {"outputformat": "%Y-%m-%dT%H:%M:%S%z", "original_date": True}


def read(html, url):
    found = bare_extraction(
        html, url=url, with_metadata=True, include_comments=False, date_extraction_params=TIMES
    )
    if found is None:
        return {}
    authors = [name.strip() for name in (found.author or "").split(";") if name.strip()]
    return {
        "title": found.title,
        "text": found.text or "",
        "authors": authors,
        "published": found.date,
    }


if __name__ == "__main__":
    answer_all(read)
