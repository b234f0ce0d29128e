"""Builds the real objects from the settings. The only place that does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Self

from hanoiwatch.config import Config
from hanoiwatch.errors import BusyError, NotFoundError, ReadOnlyError
from hanoiwatch.sources.schema import Family, Source

if TYPE_CHECKING:
    from sqlalchemy import Connection

    from hanoiwatch.alerts.delivering import CourierParts, Delivered
    from hanoiwatch.alerts.desk import AlertDesk
    from hanoiwatch.model import Article, Content, Links, NamedKind
    from hanoiwatch.registry import Registry
    from hanoiwatch.registry.records import Body, Official, Post, Topic
    from hanoiwatch.store import Record
    from hanoiwatch.store.alerts import AlertChange
    from indexer.extract.worker import Reader
    from indexer.linking.linker import Linker, LinkerMaker
    from indexer.pipeline import Pipeline
    from indexer.search.protocol import SearchIndex


class App:
    """The program's objects, each made on first use."""

    def __init__(
        self, config: Config, reader: Reader | None = None, linker: LinkerMaker | None = None
    ) -> None:
        """``reader``: what reads captures, ``linker``: makes what links articles; without them,
        the program's own."""
        self.config = config
        self._reader = reader
        self._linker = linker

    @cached_property
    def families(self) -> Mapping[str, Family]:
        from hanoiwatch.sources.loader import OWN_FAMILIES, load_families

        return load_families(self.config.sources_path / OWN_FAMILIES)

    @cached_property
    def sources(self) -> Mapping[str, Source]:
        """Every source that a file defines, by name, bundled or the user's own."""
        from hanoiwatch.sources.loader import load_sources
        from hanoiwatch.sources.schema import of_desk

        found = load_sources(self.config.sources_path)
        return {name: of_desk(one, self.config.registry_path) for name, one in found.items()}

    @cached_property
    def registry(self) -> Registry:
        """Officials, bodies and topics: the bundled ones with the user's own over them.

        Raises RegistryError.
        """
        from hanoiwatch.registry import load_registry

        return load_registry(self.config.registry_path)

    @cached_property
    def linker(self) -> Linker:
        """Links by that registry."""
        return self.linker_maker()

    @property
    def linker_maker(self) -> LinkerMaker:
        """What other processes make the same linker with."""
        if self._linker is not None:
            return self._linker
        from functools import partial

        from indexer.linking.registrylinker import RegistryLinker

        return partial(RegistryLinker, self.registry)

    def links_of(self, article: Article, content: Content) -> Links:
        """What ``content``, of another revision of the article, links to; with what people
        corrected about the article."""
        from indexer.linking.linker import link_article
        from indexer.rescope import with_gone_sources

        source = with_gone_sources(self.record, self.sources).get(article.source)
        linked = link_article(
            self.linker,
            content,
            source_is_of_hanoi=source is not None and source.of_hanoi,
            first_seen_at=article.first_seen_at,
        )
        return self.record.corrections.over(article.rowid, linked.links, content)

    def chosen_sources(self, names: tuple[str, ...]) -> tuple[Source, ...]:
        """The sources named, or all enabled ones."""
        from hanoiwatch.sources.loader import choose

        return choose(self.sources, self.config.sources.enabled, names)

    @cached_property
    def record(self) -> Record:
        from hanoiwatch.store import Record

        return Record.open(self.config.record_path)

    @cached_property
    def archive_folder(self) -> Path:
        folder = self.config.archive_path
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise ReadOnlyError(f"{folder} cannot be made: {error.strerror}.") from error
        return folder

    @cached_property
    def search_index(self) -> SearchIndex:
        match self.config.store.search:
            case "embedded":
                from indexer.search.embedded import EmbeddedIndex

                return EmbeddedIndex(self.config.index_path)
            case "elasticsearch":
                from indexer.search.elastic.opening import open_elastic

                return open_elastic(self.config, self.record)

    def config_json(self) -> str:
        """The settings in force, for a child process (`config_from_json`)."""
        import msgspec

        return msgspec.json.encode(self.config).decode()

    def pipeline(self) -> Pipeline:
        """From unread captures to found articles. Close it when done."""
        from hanoiwatch.clock import now
        from indexer.extract.layouts import LayoutBook
        from indexer.extract.worker import Reader
        from indexer.pipeline import Pipeline, PipelineParts

        reader = self._reader or Reader()
        layouts = LayoutBook(families=self.families, sources=self.sources, version=reader.version)
        self._note_sources()
        return Pipeline(
            PipelineParts(
                record=self.record,
                index=self.search_index,
                sources=self.sources,
                layouts=layouts,
                archive_folder=self.archive_folder,
                config=self.config,
                clock=now,
                read=reader.function,
                linker=self.linker_maker,
                evaluate=self._synced_alerts().evaluator,
            )
        )

    @cached_property
    def alerts(self) -> AlertDesk:
        """The rules of the desk. A file that is wrong costs that rule only."""
        from hanoiwatch.alerts.desk import AlertDesk, DeskParts
        from hanoiwatch.alerts.files import Known
        from hanoiwatch.clock import now

        return AlertDesk(
            DeskParts(
                record=self.record,
                directory=self.config.alerts_path,
                known=Known(channels=self.config.channels, sources=self.sources, find=self._id_of),
                clock=now,
                links_of=self._links_at,
            )
        )

    def _id_of(self, kind: NamedKind, name: str) -> str:
        """The registry's id for a name. Raises NotFoundError with the nearest names."""
        find: dict[NamedKind, Callable[[str], Official | Post | Body | Topic]] = {
            "official": self.registry.find_official,
            "post": self.registry.find_post,
            "body": self.registry.find_body,
            "topic": self.registry.find_topic,
        }
        return find[kind](name).id

    def _links_at(self, connection: Connection, change: AlertChange) -> Links:
        """What the changed article links to, as facets count it and people corrected it."""
        from hanoiwatch.store.linking import stored_links

        links = stored_links(connection, change.article, change.reading_id)
        return self.record.corrections.over(change.article, links, change.content).counted()

    def _synced_alerts(self) -> AlertDesk:
        """From here on every rule that there is now is evaluated."""
        self.alerts.sync()
        return self.alerts

    def tell_alerts(self, *, seconds: float | None = None) -> Delivered:
        """Makes messages of what was found, and sends what is due, for so long at most."""
        from hanoiwatch.alerts.delivering import deliver
        from hanoiwatch.alerts.settling import settle

        book = self._synced_alerts().book()
        settle(self.record, book.rules, self.alerts.parts.clock())
        limit = self.config.alerts.deliver_seconds if seconds is None else seconds
        quiet = {rule.id: rule.quiet_hours for rule in book.rules if rule.quiet_hours}
        return deliver(replace(self.courier, quiet=quiet), seconds=limit)

    @property
    def courier(self) -> CourierParts:
        """What deliveries work with."""
        import os

        from hanoiwatch.alerts.delivering import CourierParts
        from hanoiwatch.clock import now

        return CourierParts(
            record=self.record,
            channels=self.config.channels,
            environment=os.environ,
            folder=Path(self.config.base),
            lock=self.config.data_path / "locks" / "alerts.lock",
            clock=now,
            language=self.config.alerts.language,
        )

    def index_pending(self) -> None:
        """Extracts, records and indexes everything that waits."""
        with self.pipeline() as pipeline:
            pipeline.drain()

    def catch_up_index(self) -> None:
        """Brings in what waited while an index in Elasticsearch could not be reached; leaves it to
        a process that is at work already. Nothing where the index is a file of our own."""
        if self.config.store.search != "elasticsearch":
            return
        with self.pipeline() as pipeline, suppress(BusyError):
            pipeline.hold()
            pipeline.follow_log()

    def _note_sources(self) -> None:
        from hanoiwatch.store.sources import KnownSource
        from indexer.scope import scope_json

        self.record.sources.keep(
            KnownSource(
                name=source.name,
                title=source.title,
                home=source.home,
                rights=source.rights,
                scope=scope_json(source.scope),
            )
            for source in self.sources.values()
        )

    def close(self) -> None:
        for name in ("search_index", "record"):
            if name in self.__dict__:
                self.__dict__[name].close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_app(
    config: Config, reader: Reader | None = None, linker: LinkerMaker | None = None
) -> App:
    """The program on these settings; the data folder is made when something is written."""
    return App(config, reader, linker)


def open_existing(
    config: Config, reader: Reader | None = None, linker: LinkerMaker | None = None
) -> App:
    """The same for reading commands. Raises NotFoundError where nothing was ever crawled."""
    if not config.record_path.exists():
        raise NotFoundError(
            f"there is no archive in {config.data_path}: run `hanoiwatch crawl` or "
            "`hanoiwatch demo` first, or name the folder with --data-dir."
        )
    return App(config, reader, linker)
