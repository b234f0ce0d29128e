"""All rules at once answer as each rule alone does, for any rules and any article."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from hanoiwatch.alerts.facets import Facts, facets_hold, wanted_names
from hanoiwatch.alerts.files import tree_of
from hanoiwatch.alerts.rule import Rule
from hanoiwatch.alerts.ruleindex import RuleIndex
from hanoiwatch.alerts.wording import ArticleWords
from hanoiwatch.model import BodyLink, Links, OfficialLink, TopicLink
from hanoiwatch.query import matches
from tests.property.test_query import contents, good_query
from tests.thorough import examples

NAMES = ("lan-an", "Nguyễn Thị An", "so-xay-dung", "Sở Xây dựng", "do-thi")
links = st.builds(
    lambda officials, bodies, topics: Links(
        officials=tuple(OfficialLink(id=name, name="Nguyễn Thị An") for name in officials),
        bodies=tuple(BodyLink(id=name, name="Sở Xây dựng") for name in bodies),
        topics=tuple(TopicLink(id=name, name=name) for name in topics),
    ),
    *[st.lists(st.sampled_from(NAMES), max_size=1) for _ in range(3)],
)
facts = st.builds(
    lambda source, section, links: Facts(source=source, section=section, links=links),
    st.sampled_from(["bao-a", "bao-b"]),
    st.sampled_from([None, "Chính trị", "Đô thị"]),
    links,
)
some_names = st.lists(st.sampled_from(NAMES), max_size=2).map(tuple)
rules = st.lists(
    st.builds(
        lambda query, officials, bodies, topics, sources, sections: Rule(
            id="r", title="r", query=query, tree=tree_of(query), officials=officials,
            bodies=bodies, topics=topics, sources=sources, sections=sections,
        ),
        st.one_of(good_query, good_query, good_query, st.just("")),
        *[st.one_of(st.just(()), st.just(()), some_names) for _ in range(3)],
        st.sampled_from([(), (), ("bao-a",), ("bao-a", "bao-c")]),
        st.sampled_from([(), (), ("chính trị",), ("Đô thị", "Y tế")]),
    ),
    max_size=12,
)  # fmt: skip


@settings(max_examples=examples(400))
@given(rules, contents, facts, st.lists(contents, max_size=2))
def test_the_index_answers_as_a_loop_over_the_matcher(rules, content, facts, sample) -> None:
    index = RuleIndex(rules, map(ArticleWords, sample))
    found = index.matching(ArticleWords(content), facts)
    looped = [
        rule for rule in rules
        if (rule.tree is None or matches(rule.tree, content))
        and facets_hold(wanted_names(rule), facts)
    ]  # fmt: skip
    assert list(map(id, found)) == list(map(id, looped))


@settings(max_examples=examples(300))
@given(good_query, contents)
def test_a_query_alone_answers_as_the_matcher_does(query, content) -> None:
    tree = tree_of(query)
    assert tree is not None
    index = RuleIndex([Rule(id="r", title="r", query=query, tree=tree)])
    found = index.matching(ArticleWords(content), Facts(source="bao-a", section=None))
    assert bool(found) == matches(tree, content)
