"""What search, export and timeline are asked: one query and one record of filters.

A new filter is a field of `Filters` and an option here; every command has it then.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeVar

import click

from hanoiwatch.cli.linked import LINKED, with_linked_ids, with_predecessors_of
from hanoiwatch.cli.options import DateType
from hanoiwatch.config import Config
from hanoiwatch.errors import UnknownSourceError
from hanoiwatch.model import Filters

if TYPE_CHECKING:
    from hanoiwatch.app import App
    from hanoiwatch.query import Node

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """As it was typed: nothing in it is looked up yet."""

    query: str
    filters: Filters


class QuestionCommand(click.Command):
    """A query may begin with a minus (``-mưa``): it is not taken for an option."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if "--" not in args:
            known = {name for option in self.params for name in option.opts}
            minus = [arg for arg in args if _is_minus_word(arg) and arg not in known | {"-h"}]
            args = [arg for arg in args if arg not in minus]
            args += ["--", *minus] if minus else []
        return super().parse_args(ctx, args)


def _is_minus_word(arg: str) -> bool:
    return len(arg) > 1 and arg[0] == "-" and not (arg[1] == "-" or arg[1].isdigit())


_PARAMETERS = (
    click.argument("words", metavar="[QUERY]", nargs=-1),
    click.option(
        "--official",
        "officials",
        multiple=True,
        help="Only what names this official: id or name (repeatable).",
    ),
    click.option(
        "--post",
        "posts",
        multiple=True,
        help="Only what names whoever held this post then: id or name (repeatable).",
    ),
    click.option(
        "--body",
        "bodies",
        multiple=True,
        help="Only what names this body: id or name (repeatable).",
    ),
    click.option(
        "--with-predecessors", is_flag=True, help="With --body: also the bodies that became it."
    ),
    click.option(
        "--topic",
        "topics",
        multiple=True,
        help="Only what is about this topic: id or name (repeatable).",
    ),
    click.option(
        "--source", "sources", multiple=True, help="Only this source: name or title (repeatable)."
    ),
    click.option("--section", "sections", multiple=True, help="Only this section (repeatable)."),
    click.option("--since", type=DateType(), help="Published at or after: 2026-09-30, or 90d."),
    click.option("--until", type=DateType(end=True), help="Published up to this day, inclusive."),
)


def question_options(command: F) -> F:
    """The query and the filters; ``command`` gets them as ``question``."""

    @functools.wraps(command)
    def packed(
        *args: Any,
        words: tuple[str, ...],
        since: Any,
        until: Any,
        with_predecessors: bool,
        **options: Any,
    ) -> object:
        if since and until and since >= until:
            raise click.UsageError("--since is after --until: no article can be between them.")
        if with_predecessors and not options["bodies"]:
            raise click.UsageError("--with-predecessors says something about --body alone.")
        narrowed = {name: options.pop(name) for name in (*LINKED, "sources", "sections")}
        filters = Filters(since=since, until=until, **narrowed)
        if with_predecessors:
            config: Config = click.get_current_context().obj
            filters = replace(filters, bodies=with_predecessors_of(config, filters.bodies))
        return command(*args, question=Question(query=_query(words), filters=filters), **options)

    for parameter in reversed(_PARAMETERS):
        packed = parameter(packed)
    return packed  # type: ignore[return-value]  # click's parameters are the command's now


def _query(words: tuple[str, ...]) -> str:
    if len(words) > 1:
        # joined, the quotation marks of a phrase would be lost to the shell without a word
        raise click.UsageError(f"put a query of several words in quotes: '{' '.join(words)}'")
    return "".join(words)


# --- looked up in the archive ----------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question as the index takes it. ``note``: what its filters name and nothing has."""

    tree: Node | None
    filters: Filters
    note: str | None


def asked(app: App, query: str, filters: Filters) -> Asked:
    """Reads the query, and finds what the filters name.

    Says on stderr what the index may miss. Raises QueryError, UnknownSourceError,
    UnknownLinkError.
    """
    from hanoiwatch.query import parse

    tree = parse(query) if query.strip() else None
    known = with_linked_ids(app, _with_source_names(app, filters))
    _warn_when_behind(app)
    return Asked(tree=tree, filters=known, note=_unknown_sections(app, known.sections))


def _warn_when_behind(app: App) -> None:
    """A crash, or a newer version of this program, can leave the index behind the record."""
    if caveat := app.search_index.caveat():
        click.echo(f"hanoiwatch: {caveat}", err=True)
    behind = app.record.articles.changes_after(app.search_index.position())
    if behind:
        click.echo(
            f"hanoiwatch: the index is {behind} changes behind the record: the next crawl brings "
            "it up to date, and so does `hanoiwatch index rebuild`.",
            err=True,
        )


def _with_source_names(app: App, filters: Filters) -> Filters:
    if not filters.sources:
        return filters
    titles = app.record.sources.titles()
    if any(given not in titles for given in filters.sources):
        # those in source files that were not crawled yet are no mistakes either
        titles = {name: source.title for name, source in app.sources.items()} | titles
    names = [name for given in filters.sources for name in source_names(given, titles)]
    return replace(filters, sources=tuple(dict.fromkeys(names)))


def source_names(given: str, titles: dict[str, str]) -> list[str]:
    """The sources that ``given`` names: by name, else by title or name whatever its case and
    marks. ``titles`` are by name. Raises UnknownSourceError with the nearest known."""
    if given in titles:
        return [given]
    wanted = _loose(given)
    names = [name for name, title in titles.items() if wanted in (_loose(name), _loose(title))]
    if not names:
        guess = _did_you_mean(given, [*titles, *titles.values()])
        raise UnknownSourceError(f"there is no source `{given}`.{guess}")
    return names


def _unknown_sections(app: App, sections: tuple[str, ...]) -> str | None:
    """Sections are compared letter by letter: two outlets may mean different things by them."""
    if not sections:
        return None
    facets = app.search_index.search(None, Filters(), limit=0).facets
    return sections_note(sections, [facet.id for facet in facets.get("sections", ())])


def sections_note(sections: Iterable[str], known: list[str]) -> str | None:
    """A sentence for each section that is not ``known``, with the nearest that is."""
    said = [
        f"No article is in a section `{section}`.{_did_you_mean(section, known)}"
        for section in sections
        if section and section not in known
    ]
    return " ".join(said) or None


def _did_you_mean(given: str, known: Iterable[str]) -> str:
    import difflib

    by_loose = {_loose(name): name for name in known}
    near = difflib.get_close_matches(_loose(given), by_loose, n=1)
    return f" Did you mean `{by_loose[near[0]]}`?" if near else ""


def _loose(name: str) -> str:
    from hanoiwatch.text import fold

    return " ".join(fold(name).split())
