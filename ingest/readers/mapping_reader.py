"""JSON and YAML: one object, a list of objects, or an object that holds such a list."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from typing import Any

from ingest.limits import Limits
from ingest.readers.encoding import TextSource, decode
from ingest.readers.errors import aliases, broken, empty_file, too_deep, too_large
from ingest.readers.table import Row


def read_mappings(content: TextSource, name: str, known: Collection[str], limits: Limits) -> Iterator[Row]:
    """The objects of the file, numbered from 1. Raises FileRejected where it does not parse or nests too deeply."""
    del known  # objects name their fields, there is no header to look for
    objects = _objects(parse_mappings(content if isinstance(content, bytes) else content.read_bytes(), name, limits))
    if not objects:
        raise empty_file(name)
    if len(objects) > limits.rows:
        raise too_large(name, "records", "レコード数", limits.rows)
    for number, item in enumerate(objects, start=1):
        if _blank(item):
            continue
        if isinstance(item, dict):
            yield Row(number, {str(key): value for key, value in item.items()})
        else:
            # something else among the objects is reported in its place, like a value that no header names
            yield Row(number, {}, extra=[item])


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
        return json.loads(text)
    except ValueError as error:
        raise broken(name, str(error)) from error


def _parse_yaml(text: str, name: str) -> Any:
    import yaml  # noqa: PLC0415

    try:
        # an alias can make a small text enormous, and no honest registration needs one
        if any(isinstance(token, yaml.AliasToken) for token in yaml.scan(text, Loader=yaml.SafeLoader)):
            raise aliases(name)
        # scalars stay the text that was typed: YAML itself would read the code 01100 as octal and No as false
        return yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506  (BaseLoader makes nothing but text, lists and maps)
    except (yaml.YAMLError, ValueError) as error:
        raise broken(name, " ".join(str(error).split())) from error


def _objects(parsed: Any) -> list[Any]:
    """The members of the file's list (its place counts), or the one object that it holds."""
    if isinstance(parsed, list):
        return parsed if any(isinstance(item, dict) and not _blank(item) for item in parsed) else []
    if isinstance(parsed, dict):
        lists = [v for v in parsed.values() if isinstance(v, list) and any(isinstance(i, dict) for i in v)]
        return lists[0] if len(lists) == 1 else [parsed] * (not _blank(parsed))
    return []


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
