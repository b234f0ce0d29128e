"""Everything that is put into Kibana, for one index and the names that a desk follows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from indexer.kibana.charts import Chart, Number, OverTime, Top
from indexer.kibana.dashboard import Dashboard, Row
from indexer.kibana.objects import SavedObject
from indexer.kibana.rules import Rule
from indexer.kibana.searches import SavedSearch
from indexer.kibana.views import DataView, Question

SHOWN = ("title", "source", "section", "official_names", "body_names", "topic_names")
"""Columns of a saved search, beside the time."""
STREAMLINING = (
    '"sắp xếp bộ máy"', '"sắp xếp tổ chức bộ máy"', '"sắp xếp, tổ chức lại bộ máy"',
    '"tinh gọn bộ máy"',
)  # fmt: skip
"""The phrases of the restructuring; found with and without marks."""
SINCE = "now-90d"
_EDITED = Question(lucene="edited:true")
_CORRECTED = Question(lucene="revision:>1")
_WITHDRAWN = Question(lucene="_exists_:withdrawn_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """An official, a body or a topic of the registry."""

    id: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """Whom and what the saved searches and rules are about."""

    official: Named
    body: Named
    topic: Named


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """Objects, each after those that it refers to; and rules."""

    objects: tuple[SavedObject, ...]
    rules: tuple[Rule, ...] = field(default=())


def content(prefix: str, followed: Followed) -> Content:
    """For the indices whose names begin with ``prefix``."""
    desk = _Desk(prefix, followed)
    views = (desk.articles.saved(), desk.revisions.saved())
    searches = {one.id: one.saved() for one in desk.searches()}
    charts = {one.id: one.saved() for one in desk.charts()}
    board = desk.dashboard(charts | searches).saved()
    return Content(
        objects=(*views, *searches.values(), *charts.values(), board),
        rules=tuple(desk.rules()),
    )


class _Desk:
    """The parts, each by the name of what it shows."""

    def __init__(self, prefix: str, followed: Followed) -> None:
        self.prefix, self.followed = prefix, followed
        self.articles = DataView(
            id=f"{prefix}-articles",
            index=f"{prefix}-articles",
            name="Tin bài (hanoiwatch)",
            time_field="published_at",
        )
        self.revisions = DataView(
            id=f"{prefix}-revisions",
            index=f"{prefix}-revisions",
            name="Các lần sửa (hanoiwatch)",
            time_field="fetched_at",
        )

    def searches(self) -> Iterator[SavedSearch]:
        official, body, topic = self.followed.official, self.followed.body, self.followed.topic
        phrases = Question(lucene=" OR ".join(STREAMLINING))
        yield self._search("phrases", "Cụm từ: sắp xếp bộ máy", phrases)
        for kind, field_, called, one in (
            ("official", "official_ids", "Lãnh đạo", official),
            ("body", "body_ids", "Cơ quan", body),
            ("topic", "topic_ids", "Chủ đề", topic),
        ):
            asked = Question(field=field_, value=one.id, label=one.name)
            yield self._search(kind, f"{called}: {one.name}", asked)
        yield self._search("withdrawn", "Bài đã bị gỡ", _WITHDRAWN, more=("withdrawn_at",))
        yield SavedSearch(
            id=f"{self.prefix}-search-edited",
            title="Các lần sửa bài",
            description="Mỗi dòng là một lần báo sửa bài đã đăng.",
            view=self.revisions,
            question=_EDITED,
            columns=("title", "source", "section", "revision"),
        )

    def _search(
        self, name: str, title: str, asked: Question, more: tuple[str, ...] = ()
    ) -> SavedSearch:
        return SavedSearch(
            id=f"{self.prefix}-search-{name}",
            title=title,
            description="Tin bài của kho lưu trữ hanoiwatch.",
            view=self.articles,
            question=asked,
            columns=(*SHOWN, *more),
        )

    def charts(self) -> Iterator[Chart]:
        yield self._chart("count", "Số tin bài", Number())
        yield self._chart("corrected", "Tin bài đã sửa", Number(), _CORRECTED)
        yield self._chart("gone", "Tin bài đã bị gỡ", Number(), _WITHDRAWN)
        yield self._chart(
            "attention",
            "Mức độ chú ý theo tuần, theo chủ đề",
            OverTime(field="published_at", split="topic_names", split_label="Chủ đề"),
        )
        yield self._chart(
            "streamlining",
            "Sắp xếp bộ máy theo tuần, theo nguồn",
            OverTime(field="published_at", split="source", split_label="Nguồn"),
            Question(lucene=" OR ".join(STREAMLINING)),
        )
        yield self._chart("officials", "Lãnh đạo", Top(field="official_names", label="Lãnh đạo"))
        yield self._chart("bodies", "Cơ quan", Top(field="body_names", label="Cơ quan"))
        yield self._chart("topics", "Chủ đề", Top(field="topic_names", label="Chủ đề"))
        yield self._chart("sources", "Nguồn tin", Top(field="source", label="Nguồn"))
        yield Chart(
            id=f"{self.prefix}-chart-edits",
            title="Lần sửa bài theo tuần, theo nguồn",
            description="Mỗi lần báo sửa một bài đã đăng.",
            view=self.revisions,
            shows=OverTime(field="fetched_at", split="source", split_label="Nguồn"),
            counted="Số lần sửa",
            question=_EDITED,
        )
        yield self._chart(
            "withdrawals",
            "Tin bài bị gỡ theo tuần, theo nguồn",
            OverTime(field="withdrawn_at", split="source", split_label="Nguồn"),
            _WITHDRAWN,
        )

    def _chart(
        self, name: str, title: str, shows: Number | OverTime | Top, asked: Question | None = None
    ) -> Chart:
        return Chart(
            id=f"{self.prefix}-chart-{name}",
            title=title,
            description="",
            view=self.articles,
            shows=shows,
            counted="Số tin bài",
            question=asked or Question(),
        )

    def dashboard(self, made: dict[str, SavedObject]) -> Dashboard:
        def row(height: int, *names: str) -> Row:
            panels = tuple(made[f"{self.prefix}-{name}"] for name in names)
            return Row(height=height, panels=panels)

        return Dashboard(
            id=f"{self.prefix}-dashboard",
            title="Chính trị Hà Nội trên báo chí",
            description="Mức độ chú ý; lãnh đạo, cơ quan, chủ đề, nguồn tin; bài bị sửa và bị gỡ.",
            since=SINCE,
            rows=(
                row(6, "chart-count", "chart-corrected", "chart-gone"),
                row(14, "chart-attention", "chart-streamlining"),
                row(16, "chart-officials", "chart-bodies"),
                row(16, "chart-topics", "chart-sources"),
                row(12, "chart-edits", "chart-withdrawals"),
                row(16, "search-phrases", "search-edited"),
            ),
        )

    def rules(self) -> Iterator[Rule]:
        phrases: dict[str, Any] = {"query_string": {"query": " OR ".join(STREAMLINING)}}
        yield self._rule("phrases", "Tin mới: sắp xếp bộ máy", phrases)
        official, topic = self.followed.official, self.followed.topic
        by_official = {"term": {"official_ids": official.id}}
        yield self._rule("official", f"Tin mới về {official.name}", by_official)
        by_topic = {"term": {"topic_ids": topic.id}}
        yield self._rule("topic", f"Tin mới theo chủ đề: {topic.name}", by_topic)

    def _rule(self, key: str, name: str, query: Mapping[str, Any]) -> Rule:
        return Rule(key=key, name=name, index=self.articles.index, query=query)
