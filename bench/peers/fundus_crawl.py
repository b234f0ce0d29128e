"""Fundus with a publisher of its own for the outlet: selectors for this markup, written by hand.

``python fundus_crawl.py URL_FILE`` asks for each address in the file and prints how many complete
articles came. Fundus reads a publisher in one thread; no robots.txt is obeyed, no delay kept. It
runs in an environment of its own, so it uses nothing of ours.
"""

import datetime as dt
import re
import sys
from pathlib import Path
from urllib.parse import urlsplit

from fundus import Crawler
from fundus.parser import ArticleBody, BaseParser, Image, ParserProxy, attribute
from fundus.parser.utility import (
    extract_article_body_with_selector,
    generic_topic_parsing,
    image_extraction,
)
from fundus.publishers.base_objects import Publisher
from fundus.scraping.url import URLSource
from lxml.cssselect import CSSSelector

HANOI = dt.timezone(dt.timedelta(hours=7))
WRITTEN = re.compile(r"(\d\d/\d\d/\d{4})(?: -)? (\d\d:\d\d)")


class OneCmsParser(ParserProxy):
    class V1(BaseParser):
        _summary_selector = CSSSelector("p.sc-longform-header-sapo")
        _paragraph_selector = CSSSelector("article.entry > p")
        _subheadline_selector = CSSSelector("article.entry > h2")
        _author_selector = CSSSelector("span.sc-longform-header-author")
        _date_selector = CSSSelector("span.sc-longform-header-date")

        @attribute
        def title(self) -> str | None:
            return self.precomputed.meta.get("og:title")

        @attribute
        def body(self) -> ArticleBody | None:
            return extract_article_body_with_selector(
                self.precomputed.doc,
                summary_selector=self._summary_selector,
                paragraph_selector=self._paragraph_selector,
                subheadline_selector=self._subheadline_selector,
            )

        @attribute
        def authors(self) -> list[str]:
            names = (node.text_content() for node in self._author_selector(self.precomputed.doc))
            return [name.strip() for line in names for name in line.split(" - ")]

        @attribute
        def publishing_date(self) -> dt.datetime | None:
            for node in self._date_selector(self.precomputed.doc):
                if found := WRITTEN.search(node.text_content()):
                    written = " ".join(found.groups())
                    return dt.datetime.strptime(written, "%d/%m/%Y %H:%M").replace(tzinfo=HANOI)
            return None

        @attribute
        def topics(self) -> list[str]:
            return generic_topic_parsing(self.precomputed.meta.get("news_keywords"))

        @attribute
        def images(self) -> list[Image]:
            return image_extraction(
                doc=self.precomputed.doc,
                paragraph_selector=self._paragraph_selector,
            )


class Listed(URLSource):
    """Addresses that are known beforehand; ``url`` is the first of them."""

    addresses: list[str]

    def fetch(self, session, headers):  # noqa: ARG002 - Fundus's signature
        yield from self.addresses


def main(url_file):
    source = Listed(url=(addresses := Path(url_file).read_text().split())[0], languages={"vi"})
    source.addresses = addresses
    Publisher.__SOURCE_ORDER__[Listed] = 1
    site = urlsplit(source.url)
    publisher = Publisher(
        name="Báo Thủ đô Mẫu",
        domain=f"{site.scheme}://{site.netloc}",
        parser=OneCmsParser,
        sources=[source],
        suppress_robots=True,
    )
    # with one publisher its threads only cost: one that reads, one that waits for it
    crawler = Crawler(publisher, delay=0.0, ignore_robots=True, threading=False)
    print(sum(1 for _ in crawler.crawl(error_handling="raise")))


if __name__ == "__main__":
    main(*sys.argv[1:])
