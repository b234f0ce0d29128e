"""One typed settings tree: flags, then ``HANOIWATCH_*``, then ``hanoiwatch.toml``, then defaults.

An unknown key is an error that names the file, the key and the nearest known one.
Environment names are the path in capitals, joined by two underscores below the top:
``HANOIWATCH_DATA_DIR``, ``HANOIWATCH_SCHEDULE__CONCURRENCY``. A list is given as TOML.
"""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import msgspec

from hanoiwatch.errors import ConfigError

DEFAULT_FILE = "hanoiwatch.toml"
ENVIRONMENT_PREFIX = "HANOIWATCH_"


class StoreConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    search: Literal["embedded", "elasticsearch"] = "embedded"


class ElasticsearchConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Read where `[store] search` says so. Secrets as ``${ENVIRONMENT}``, put in when it is."""

    hosts: tuple[str, ...] = ("http://127.0.0.1:9200",)
    index_prefix: str = "hanoiwatch"
    api_key: str = ""
    user: str = ""
    password: str = ""
    ca_certs: str = ""
    fingerprint: str = ""
    timeout_seconds: float = 30.0
    busy_seconds: float = 60.0


class SourcesConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    directory: str = "sources"
    enabled: tuple[str, ...] | None = None


class RegistryConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    directory: str = "registry"


class ScheduleConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    timezone: str = "Asia/Ho_Chi_Minh"
    crawl: str = "0 1 * * *"
    jitter_seconds: int = 30
    concurrency: int = 4


class AlertsConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    directory: str = "alerts"
    language: Literal["vi", "en"] = "vi"
    deliver_seconds: float = 60.0


class CrawlConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    timeout_seconds: float = 60.0
    max_body_bytes: int = 20_000_000
    max_decoded_bytes: int = 50_000_000
    max_redirects: int = 5
    extract_workers: int = 2
    extract_timeout_seconds: float = 10.0
    source_limit_minutes: float = 180.0


class BrowserConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    executable: str = ""
    max_pages: int = 2
    timeout_seconds: float = 30.0
    max_memory_mb: int = 1500
    restart_after: int = 200


class KibanaConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Secrets as ``${VARIABLE}``."""

    url: str = "http://127.0.0.1:5601"
    space: str = ""
    user: str = ""
    password: str = ""
    api_key: str = ""
    ca_certs: str = ""


class Config(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Every setting. ``base`` is the folder that relative paths start from."""

    base: str = "."
    data_dir: str = "hanoiwatch-data"
    user_agent_contact: str = ""
    store: StoreConfig = StoreConfig()
    elasticsearch: ElasticsearchConfig = ElasticsearchConfig()
    sources: SourcesConfig = SourcesConfig()
    registry: RegistryConfig = RegistryConfig()
    schedule: ScheduleConfig = ScheduleConfig()
    crawl: CrawlConfig = CrawlConfig()
    browser: BrowserConfig = BrowserConfig()
    alerts: AlertsConfig = AlertsConfig()
    kibana: KibanaConfig = KibanaConfig()
    channels: dict[str, str] = {}
    """By name; secrets as ``${ENVIRONMENT}``, put in only when a message is sent."""

    @property
    def data_path(self) -> Path:
        return Path(self.base, self.data_dir)

    @property
    def record_path(self) -> Path:
        return self.data_path / "record.sqlite3"

    @property
    def index_path(self) -> Path:
        return self.data_path / "index.sqlite3"

    @property
    def archive_path(self) -> Path:
        return self.data_path / "archive"

    @property
    def sources_path(self) -> Path:
        return Path(self.base, self.sources.directory)

    @property
    def registry_path(self) -> Path:
        return Path(self.base, self.registry.directory)

    @property
    def alerts_path(self) -> Path:
        return Path(self.base, self.alerts.directory)


def load_config(
    file: Path | None = None,
    *,
    environment: Mapping[str, str],
    data_dir: str | None = None,
) -> Config:
    """The settings in force. ``file`` None: `DEFAULT_FILE` in the working folder, if it is there.

    Raises ConfigError with one sentence that names the place and the nearest right word.
    """
    tree, place = _read_file(file)
    for name, path in _environment_keys(environment).items():
        _put(tree, path, environment[name], name)
    if data_dir is not None:
        tree["data_dir"] = str(Path(data_dir).absolute())
    tree["base"] = str(place.parent if place else Path.cwd())
    _refuse_unknown(tree, Config, str(place or "the environment"))
    try:
        return msgspec.convert(tree, Config, strict=False)
    except msgspec.ValidationError as error:
        where = place or "the environment"
        raise ConfigError(f"{where}: {_readable(str(error))}") from error


def _read_file(file: Path | None) -> tuple[dict[str, Any], Path | None]:
    place = (file or Path(DEFAULT_FILE)).absolute()
    try:
        with place.open("rb") as stream:
            tree = tomllib.load(stream)
    except FileNotFoundError as error:
        if file is None:
            return {}, None
        raise ConfigError(f"{file}: there is no such settings file.") from error
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{place}: this settings file cannot be read: {error}.") from error
    if "base" in tree:
        raise ConfigError(f"{place}: unknown key `base`.")
    return tree, place


def _environment_keys(environment: Mapping[str, str]) -> dict[str, list[str]]:
    return {
        name: name.removeprefix(ENVIRONMENT_PREFIX).lower().split("__")
        for name in sorted(environment)
        if name.startswith(ENVIRONMENT_PREFIX)
    }


def _put(tree: dict[str, Any], path: list[str], text: str, name: str) -> None:
    node = tree
    for key in path[:-1]:
        node = node.setdefault(key, {})
        if not isinstance(node, dict):
            raise ConfigError(f"{name}: `{key}` is not a table of settings.")
    node[path[-1]] = _environment_value(text)


def _environment_value(text: str) -> Any:
    if not text.startswith("["):
        return text
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text


def _refuse_unknown(tree: Mapping[str, Any], shape: type[msgspec.Struct], where: str) -> None:
    known = {field.name: field for field in msgspec.structs.fields(shape)}
    for key, value in tree.items():
        if key not in known:
            near = difflib.get_close_matches(key, [k for k in known if k != "base"], n=1)
            guess = f" Did you mean `{near[0]}`?" if near else ""
            raise ConfigError(f"{where}: unknown key `{key}`.{guess}")
        inner = known[key].type
        if isinstance(inner, type) and issubclass(inner, msgspec.Struct):
            if not isinstance(value, Mapping):
                raise ConfigError(f"{where}: `{key}` must be a table, as in [{key}].")
            _refuse_unknown(value, inner, where)


def _readable(message: str) -> str:
    """msgspec's ``Expected `int`, got `str` - at `$.schedule.concurrency``` as a sentence."""
    reason, _, path = message.partition(" - at `$.")
    key = path.rstrip("`")
    return f"`{key}`: {reason[0].lower()}{reason[1:]}." if key else f"{message}."


def config_from_json(text: str) -> Config:
    """Settings as another process of ours sent them."""
    return msgspec.json.decode(text, type=Config)
