"""From a captured page to what it says: `read_page`."""

from __future__ import annotations

from hanoiwatch.page.document import PageInput
from indexer.extract.extractor import EXTRACTOR
from indexer.extract.layouts import LayoutBook
from indexer.extract.reading import read_page

__all__ = ["EXTRACTOR", "LayoutBook", "PageInput", "read_page"]
