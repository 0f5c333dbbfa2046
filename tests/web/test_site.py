"""The files of the page: all there, of kinds that browsers take, and within their size."""

from __future__ import annotations

import gzip
import re
import tomllib
from pathlib import Path

from evchat.web.site import resources


def test_the_page_is_there_with_all_that_it_asks_for() -> None:
    found = resources()
    page = found["/"].body.decode()
    assert found["/"].content_type == "text/html; charset=utf-8"
    for path in re.findall(r'(?:src|href)="([^"]+)"', page):
        assert "/" + path in found, path


def test_nothing_is_fetched_from_elsewhere_and_no_script_is_inside_the_page() -> None:
    for path, resource in resources().items():
        text = resource.body.decode()
        assert not re.search(r"""(?:src|href|url|import|from)\s*[=(]?\s*["'(]?(?:https?:)?//""", text), path
    page = resources()["/"].body.decode()
    assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\bon\w+=|style=", page)


def test_a_tag_changes_with_the_file_and_is_quoted() -> None:
    tags = [resource.etag for resource in resources().values()]
    assert len(set(tags)) == len(tags) and all(re.fullmatch(r'"[0-9a-f]{20}"', tag) for tag in tags)


def test_all_of_it_is_small() -> None:
    found = resources()
    assert len(found) <= 23
    assert sum(len(resource.body) for resource in found.values()) <= 266 * 1024
    assert sum(len(resource.packed or resource.body) for resource in found.values()) <= 89 * 1024
    assert all(
        gzip.decompress(resource.packed) == resource.body for resource in found.values() if resource.packed
    )


def test_what_is_kept_for_being_offline_is_the_whole_page() -> None:
    found = resources()
    listed = re.search(r"const FILES = \[(.*?)\]", found["/sw.mjs"].body.decode(), re.DOTALL)
    assert listed is not None
    kept = {"/" + name.removeprefix("./") for name in re.findall(r'"([^"]+)"', listed[1])}
    assert kept == set(found) - {"/sw.mjs"}


def test_modules_ask_only_for_modules_that_are_there() -> None:
    found = resources()
    for path, resource in found.items():
        if path.endswith(".mjs"):
            for name in re.findall(r'from "\./([^"]+)"', resource.body.decode()):
                assert "/" + name in found, (path, name)


def test_all_files_of_the_page_are_served_and_come_with_the_package() -> None:
    root = Path(__file__).resolve().parents[2]
    page = root / "evchat" / "web" / "page"
    named = {"/" if file.name == "index.html" else f"/{file.name}" for file in page.iterdir()}
    assert named == set(resources())
    with (root / "pyproject.toml").open("rb") as file:
        patterns = tomllib.load(file)["tool"]["setuptools"]["package-data"]["*"]
    assert all(any(file.match(pattern) for pattern in patterns) for file in page.iterdir())
