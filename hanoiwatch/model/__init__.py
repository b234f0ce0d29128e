"""The records that travel through the program. Frozen, no I/O.

``Source -> Discovered -> Capture -> Reading -> Article (+ Revision) -> Change -> index``

The JSON of an article (design: "the article as JSON") is these records encoded field by field;
`hanoiwatch.articlejson` does that and nothing else does.
"""

from __future__ import annotations

from hanoiwatch.model.archive import (
    Capture,
    Exchange,
    ExpectedRecord,
    Refers,
    Rendered,
    WarcPlace,
)
from hanoiwatch.model.discovery import (
    Discovered,
    DuePage,
)
from hanoiwatch.model.links import (
    FACET_CONFIDENCE,
    NO_LINKS,
    BodyLink,
    LinkKind,
    Links,
    Mention,
    MentionField,
    NamedKind,
    OfficialLink,
    TopicLink,
)
from hanoiwatch.model.names import (
    DEFAULT_RIGHTS,
    GOES_ON,
    OUTCOMES,
    STAGES,
    ArticleId,
    BlockKind,
    CaptureId,
    NotArticleReason,
    OriginId,
    OriginKind,
    Outcome,
    PageId,
    ReadingId,
    Rights,
    RunId,
    Stage,
)
from hanoiwatch.model.reading import (
    BELOW,
    Block,
    Content,
    Image,
    ReadArticle,
    Reading,
    ReadNothing,
    Traits,
)
from hanoiwatch.model.record import (
    Article,
    Change,
    ChangeKind,
    Story,
)
from hanoiwatch.model.search import (
    FacetCount,
    Filters,
    Match,
    Matches,
    SortOrder,
)

__all__ = [
    "BELOW",
    "DEFAULT_RIGHTS",
    "FACET_CONFIDENCE",
    "GOES_ON",
    "NO_LINKS",
    "OUTCOMES",
    "STAGES",
    "Article",
    "ArticleId",
    "Block",
    "BlockKind",
    "BodyLink",
    "Capture",
    "CaptureId",
    "Change",
    "ChangeKind",
    "Content",
    "Discovered",
    "DuePage",
    "Exchange",
    "ExpectedRecord",
    "FacetCount",
    "Filters",
    "Image",
    "LinkKind",
    "Links",
    "Match",
    "Matches",
    "Mention",
    "MentionField",
    "NamedKind",
    "NotArticleReason",
    "OfficialLink",
    "OriginId",
    "OriginKind",
    "Outcome",
    "PageId",
    "ReadArticle",
    "ReadNothing",
    "Reading",
    "ReadingId",
    "Refers",
    "Rendered",
    "Rights",
    "RunId",
    "SortOrder",
    "Stage",
    "Story",
    "TopicLink",
    "Traits",
    "WarcPlace",
]
