"""`hanoiwatch registry correct` and `corrections`: what people say about links, kept for good."""

from __future__ import annotations

import sys
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, get_args

import click

from hanoiwatch.cli.catchingup import catch_up, say_late
from hanoiwatch.cli.options import format_option, print_json
from hanoiwatch.cli.output import write_rows
from hanoiwatch.config import Config
from hanoiwatch.model import LinkKind

if TYPE_CHECKING:
    from hanoiwatch.app import App
    from hanoiwatch.model import Article
    from hanoiwatch.store.corrections import NewCorrection
    from indexer.linking.correcting import Saying

COLUMNS = (
    "id", "article", "kind", "target", "says", "words", "because", "by", "at",
    "undone_at", "undone_by", "undone_because", "url",
)  # fmt: skip
TABLE_COLUMNS = ("id", "article", "kind", "target", "says", "because", "by", "at", "undone_at")


class TargetType(click.ParamType["Target"]):
    """``official:ID``, ``body:ID`` or ``topic:ID``; a name does as well."""

    name = "kind:id"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> Target:
        if isinstance(value, Target):
            return value
        kind, _, named = str(value).partition(":")
        if kind not in get_args(LinkKind) or not named.strip():
            self.fail(
                f"{value!r} names nothing: write official:ID, body:ID or topic:ID.", param, ctx
            )
        return Target(kind=kind, named=named.strip())  # type: ignore[arg-type]  # checked above


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    kind: LinkKind
    named: str


by_option = click.option(
    "--by", default=None, metavar="NAME", help="Who says so; default: the user of this machine."
)


@click.command()
@click.argument("article")
@click.option("--wrong", type=TargetType(), multiple=True, help="The article does not name it.")
@click.option("--missing", type=TargetType(), multiple=True, help="The article names it as well.")
@click.option("--words", default="", help="With --missing: the article's words that name it.")
@click.option("--because", default="", help="Why, in a sentence.")
@by_option
@format_option()
@click.pass_obj
def correct(config: Config, /, article: str, form: str, **options: Any) -> None:
    """Mark links of ARTICLE (id or URL) as wrong or missing.

    A correction outlives edits of the article, better readings and other registries. Every one
    is kept with its reason; `registry corrections --undo` takes it back.

    \b
    hanoiwatch registry correct 9915aadcaf2fe650 --wrong official:tran-sy-thanh --because namesake
    hanoiwatch registry correct 9915aadcaf2fe650 --missing 'body:Sở Xây dựng' --words 'ngành này'
    """
    if not options["wrong"] and not options["missing"]:
        raise click.UsageError("say what is --wrong or what is --missing.")
    from hanoiwatch.app import open_existing

    with open_existing(config) as app:
        said = correct_article(app, article, **options)
        late = _caught_up(app) if any(one["new"] for one in said) else ""
    if form == "json":
        print_json(said)
    else:
        for one in said:
            click.echo(_sentence(one))
    say_late(late)


def correct_article(
    app: App,
    article: str,
    *,
    wrong: tuple[Target, ...] = (),
    missing: tuple[Target, ...] = (),
    **why: Any,
) -> list[dict[str, Any]]:
    """Keeps the corrections; each is checked before any is kept.

    Raises NotFoundError (no such article), UnknownLinkError.
    """
    from hanoiwatch.cli.show import find_article
    from hanoiwatch.clock import now
    from indexer.linking.correcting import Saying

    found = find_article(app.record.articles, article)
    saying = Saying(
        words=why.get("words", ""), because=why.get("because", ""),
        by=why.get("by") or user_name(), at=now(),
    )  # fmt: skip
    made = [_checked(app, found, target, saying, wrong=True) for target in wrong]
    made += [_checked(app, found, target, saying, wrong=False) for target in missing]
    targets = (*wrong, *missing)
    return [_kept(app, found, target, new) for target, new in zip(targets, made, strict=True)]


def _checked(
    app: App, article: Article, target: Target, saying: Saying, *, wrong: bool
) -> NewCorrection | None:
    from dataclasses import replace

    from hanoiwatch.cli.linked import registry_id
    from indexer.linking.correcting import link_to, missing_link, wrong_link

    if wrong:
        return wrong_link(article, target.kind, target.named, replace(saying, words=""))
    named = registry_id(app.registry, target.kind, target.named)
    link = link_to(app.registry, target.kind, named, article)
    return missing_link(article, link, saying)


def _kept(app: App, article: Article, target: Target, new: NewCorrection | None) -> dict[str, Any]:
    said: dict[str, Any] = {"article": article.id, "kind": target.kind}
    if new is None:
        return said | {"target": target.named, "says": "missing", "id": None, "new": False}
    number, fresh = app.record.corrections.add(new)
    return said | {"target": new.target, "says": new.says, "id": number, "new": fresh}


def _sentence(said: dict[str, Any]) -> str:
    link = f"{said['kind']}:{said['target']}"
    if said["id"] is None:
        return f"article {said['article']} links to {link} already: nothing to correct"
    kept = "kept" if said["new"] else "was kept before"
    return f"correction {said['id']} {kept}: {link} is {said['says']} in article {said['article']}"


@click.command()
@click.option("--article", help="Only of this article: id or URL.")
@click.option("--all", "undone", is_flag=True, help="Also those that were taken back.")
@click.option("--undo", type=click.IntRange(1), metavar="N", help="Take correction N back.")
@click.option("--because", default="", help="With --undo: why.")
@by_option
@format_option(lists=True)
@click.pass_obj
def corrections(config: Config, /, form: str, **options: Any) -> None:
    """List what people corrected: who, when and why; or take one back with --undo."""
    from hanoiwatch.app import open_existing

    with open_existing(config) as app:
        if options["undo"]:
            _undo(app, options, form)
        else:
            _list(app, options["article"], form, undone=options["undone"])


def _list(app: App, article: str | None, form: str, *, undone: bool) -> None:
    from hanoiwatch.cli.show import find_article

    rowid = find_article(app.record.articles, article).rowid if article else None
    rows = [asdict(one) for one in app.record.corrections.listed(article=rowid, undone=undone)]
    if not rows and form == "table":
        click.echo("nothing was corrected")
        return
    write_rows(rows, TABLE_COLUMNS if form == "table" else COLUMNS, form, sys.stdout)


def _undo(app: App, options: dict[str, Any], form: str) -> None:
    from hanoiwatch.clock import now

    number = options["undo"]
    by = options["by"] or user_name()
    undone = app.record.corrections.undo(number, by=by, because=options["because"], at=now())
    late = _caught_up(app) if undone else ""
    if form == "json":
        print_json({"id": number, "undone": undone})
    else:
        click.echo(f"correction {number} {'taken back' if undone else 'was taken back before'}")
    say_late(late)


def user_name() -> str:
    import getpass

    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a user id without a name
        return "unknown"


def _caught_up(app: App) -> str:
    from hanoiwatch.log import configure_logging

    configure_logging(verbose=click.get_current_context().meta.get("verbose", False))
    return catch_up(app)
