"""JSON and YAML: one object, a list of objects, or an object that holds such a list."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from functools import cache
from typing import Any

from ingest.limits import Limits
from ingest.readers.encoding import TextSource, decode
from ingest.readers.errors import aliases, broken, empty_file, too_deep, too_large
from ingest.readers.table import Row


def read_mappings(content: TextSource, name: str, known: Collection[str], limits: Limits) -> Iterator[Row]:
    """The objects of the file, numbered from 1. Raises FileRejected where it does not parse or nests too deeply."""
    del known  # objects name their fields, there is no header to look for
    lists = _lists(parse_mappings(content if isinstance(content, bytes) else content.read_bytes(), name, limits))
    if not lists:
        raise empty_file(name)
    if sum(len(objects) for _, objects in lists) > limits.rows:
        raise too_large(name, "records", "レコード数", limits.rows)
    for list_name, objects in lists:
        for number, item in enumerate(objects, start=1):
            if _blank(item):
                continue
            if isinstance(item, dict):
                yield Row(number, {str(key): value for key, value in item.items()}, list_name)
            else:
                # something else among the objects is reported in its place, like a value that no header names
                yield Row(number, {}, list_name, extra=[item])


def parse_mappings(content: bytes, name: str, limits: Limits) -> Any:
    """The file's content as plain data. Raises FileRejected where it does not parse or nests too deeply."""
    text = decode(content, name)
    parse = _parse_yaml if name.lower().endswith((".yaml", ".yml")) else _parse_json
    try:
        parsed = parse(text, name)
    except RecursionError as error:
        raise too_deep(name, limits.nesting) from error
    if _depth(parsed) > limits.nesting:
        raise too_deep(name, limits.nesting)
    return parsed


def _parse_json(text: str, name: str) -> Any:
    try:
        return json.loads(text, object_pairs_hook=_told_apart)
    except ValueError as error:
        raise broken(name, str(error)) from error


def _parse_yaml(text: str, name: str) -> Any:
    import yaml  # noqa: PLC0415

    try:
        # an alias can make a small text enormous, and no honest registration needs one
        if any(isinstance(token, yaml.AliasToken) for token in yaml.scan(text, Loader=yaml.SafeLoader)):
            raise aliases(name)
        # scalars stay the text that was typed: YAML itself would read the code 01100 as octal and No as false
        return yaml.load(text, Loader=_text_loader())  # noqa: S506  (makes nothing but text, lists and maps)
    except (yaml.YAMLError, ValueError) as error:
        raise broken(name, " ".join(str(error).split())) from error


@cache
def _text_loader() -> Any:
    """YAML's BaseLoader, with keys that are there twice told apart."""
    import yaml  # noqa: PLC0415

    class Loader(yaml.BaseLoader):
        pass

    def mapping(loader: Any, node: Any) -> dict[Any, Any]:
        pairs = [(loader.construct_object(k, deep=True), loader.construct_object(v, deep=True)) for k, v in node.value]
        return _told_apart((key if isinstance(key, str) else str(key), value) for key, value in pairs)

    Loader.add_constructor("tag:yaml.org,2002:map", mapping)
    return Loader


def _lists(parsed: Any) -> list[tuple[str | None, list[Any]]]:
    """The file's lists of objects with the names they stand under, which are its sheets; the place in a list counts.

    A list, or one object, stands under no name.
    """
    found: list[tuple[str | None, list[Any]]] = []
    if isinstance(parsed, list):
        found = [(None, parsed)] if _holds_objects(parsed) else []
    elif isinstance(parsed, dict):
        found = [
            (str(key), value) for key, value in parsed.items() if isinstance(value, list) and _holds_objects(value)
        ]
        found = found or ([] if _blank(parsed) else [(None, [parsed])])
    return found


def _holds_objects(items: list[Any]) -> bool:
    return any(isinstance(item, dict) and not _blank(item) for item in items)


def _told_apart(pairs: Iterable[tuple[Any, Any]]) -> dict[Any, Any]:
    """An object whose second value of one key stands under "key #2", so that it is reported and not lost."""
    made: dict[Any, Any] = {}
    for key, value in pairs:
        again, name = 1, key
        while name in made:
            again += 1
            name = f"{key} #{again}"
        made[name] = value
    return made


def _blank(item: Any) -> bool:
    """A place in the list that holds nothing, or an object whose fields hold nothing."""
    values = item.values() if isinstance(item, dict) else [item]
    return all(value is None or value in ("", [], {}) for value in values)


def _depth(value: Any) -> int:
    level, depth = [value], 0
    while level:
        depth += 1
        level = [child for item in level for child in _children(item)]
    return depth


def _children(value: Any) -> list[Any]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []
