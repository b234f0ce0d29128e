"""`hanoiwatch kibana`: what a data person finds in Kibana, as files or put there."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from hanoiwatch.cli.options import format_option, print_json
from hanoiwatch.config import Config
from hanoiwatch.errors import ConfigError

if TYPE_CHECKING:
    from indexer.kibana.api import Place
    from indexer.kibana.content import Content, Followed
    from indexer.kibana.importing import Imported

F = TypeVar("F", bound=Callable[..., Any])

COLUMNS = ("type", "id", "title", "fate")
OFFICIAL, BODY, TOPIC = "nguyen-duy-ngoc", "ubnd", "sap-xep-bo-may"
"""Whom and what the files in deploy/kibana follow: the secretary of the city's Party committee as
far as the bundled registry knows, the city's People's Committee, the restructuring."""


def _followed_options(command: F) -> F:
    for option in (
        click.option("--topic", default=TOPIC, show_default=True, help="The topic to follow."),
        click.option("--body", default=BODY, show_default=True, help="The body to follow."),
        click.option(
            "--official", default=OFFICIAL, show_default=True, help="The official to follow."
        ),
    ):
        command = option(command)
    return command


@click.group()
def kibana() -> None:
    """Data views, saved searches, a dashboard and rules for Kibana.

    For a desk with `[store] search = "elasticsearch"`; docs/howto/kibana.md tells more.
    """


@kibana.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@_followed_options
@format_option()
@click.pass_obj
def export(config: Config, folder: Path, official: str, body: str, topic: str, form: str) -> None:
    """Write them into FOLDER: objects.ndjson, and a JSON file for each rule.

    Kibana's own pages import the objects (Stack Management, Saved Objects).
    """
    from indexer.kibana.files import write_files

    written = write_files(content_of(config, official=official, body=body, topic=topic), folder)
    if form == "json":
        print_json({"files": [str(path) for path in written]})
        return
    for path in written:
        click.echo(path)


@kibana.command("import")
@_followed_options
@format_option(lists=True)
@click.pass_obj
def import_command(config: Config, official: str, body: str, topic: str, form: str) -> None:
    """Put them into the Kibana of the settings, and check its answer.

    What is there under the same ids is replaced. A rule's own actions, and whether it is enabled,
    stay as the desk has set them.
    """
    from hanoiwatch.cli.output import write_rows

    made = import_into(config, content_of(config, official=official, body=body, topic=topic))
    write_rows([asdict(one) for one in made], COLUMNS, form, sys.stdout)


def content_of(config: Config, *, official: str, body: str, topic: str) -> Content:
    """For the desk's own index and registry. Raises UnknownLinkError."""
    from indexer.kibana.content import content

    followed = followed_of(config, official=official, body=body, topic=topic)
    return content(config.elasticsearch.index_prefix, followed)


def followed_of(config: Config, *, official: str, body: str, topic: str) -> Followed:
    """Raises UnknownLinkError with the nearest."""
    from hanoiwatch.cli.linked import registry_id
    from hanoiwatch.registry import load_registry
    from indexer.kibana.content import Followed, Named

    registry = load_registry(config.registry_path)
    person = registry.officials[registry_id(registry, "official", official)]
    office = registry.bodies[registry_id(registry, "body", body)]
    subject = registry.topics[registry_id(registry, "topic", topic)]
    return Followed(
        official=Named(id=person.id, name=person.name),
        body=Named(id=office.id, name=office.name),
        topic=Named(id=subject.id, name=subject.name),
    )


def place_of(config: Config, environment: Mapping[str, str]) -> Place:
    """`[kibana]` with its secrets. Raises ConfigError."""
    from hanoiwatch.variables import filled
    from indexer.kibana.api import Place

    given = config.kibana
    if given.api_key and given.user:
        raise ConfigError("`kibana`: give `api_key`, or `user` and `password`, not both.")
    return Place(
        url=given.url,
        space=given.space,
        user=given.user,
        password=filled("`kibana.password`", given.password, environment),
        api_key=filled("`kibana.api_key`", given.api_key, environment),
        ca_certs=_authority(config),
    )


def _authority(config: Config) -> str:
    """The file of `kibana.ca_certs`, which is looked for beside the settings."""
    import ssl

    if not config.kibana.ca_certs:
        return ""
    file = Path(config.base, config.kibana.ca_certs)
    try:
        ssl.create_default_context(cafile=file)
    except ssl.SSLError as error:
        raise ConfigError(
            f"`kibana.ca_certs`: no certificate of an authority is in {file}."
        ) from error
    except OSError as error:
        raise ConfigError(f"`kibana.ca_certs`: {file} cannot be read: {error.strerror}.") from error
    return str(file)


def import_into(config: Config, content: Content) -> list[Imported]:
    """Raises KibanaError where anything is left open."""
    from indexer.kibana.api import Kibana
    from indexer.kibana.importing import import_content

    there = Kibana(place_of(config, os.environ))
    try:
        there.version()
        return import_content(there, content)
    finally:
        there.close()
