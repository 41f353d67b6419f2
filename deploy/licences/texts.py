"""Writes the licence and the licence texts of every third-party part that is shipped.

Reads `cargo metadata` from standard input; the first argument is the folder of the public pages' scripts, whose
`package-lock.json` names the rest. Ends with status 1 where a part says no licence or brings no text of it and its licence
is not one whose text stands with another part.
"""

import json
import re
import sys
from pathlib import Path

TEXT = re.compile(r"^(licen[cs]e|copying|unlicen[cs]e)[^/]*$", re.IGNORECASE)
SOURCE = re.compile(r"\.(rs|toml|json|js|ts)$")
# A part under several licences may be used under any one of them: one whose text stands with another part is enough.
BETWEEN = re.compile(r"\s+(?:OR|AND)\s+|/|[()]")


def is_text(path: Path) -> bool:
    return path.is_file() and bool(TEXT.match(path.name)) and not SOURCE.search(path.name)


def licences_of(expression: str) -> set[str]:
    return {one.strip() for one in BETWEEN.split(expression) if one.strip()}


def texts_in(folder: Path) -> list[str]:
    files = [path for path in sorted(folder.iterdir()) if is_text(path)]
    return [path.read_text(encoding="utf-8", errors="replace").strip() for path in files]


def rust_parts(metadata: dict) -> list[tuple[str, str, str, list[str]]]:
    """What the programs link: from the root package along dependencies of the kind that is neither dev nor build."""
    packages = {package["id"]: package for package in metadata["packages"]}
    nodes = {node["id"]: node for node in metadata["resolve"]["nodes"]}
    reached, waiting = set(), [metadata["resolve"]["root"]]
    while waiting:
        one = waiting.pop()
        if one in reached:
            continue
        reached.add(one)
        for used in nodes[one]["deps"]:
            if any(kind["kind"] is None for kind in used["dep_kinds"]):
                waiting.append(used["pkg"])
    parts = []
    for package in (packages[one] for one in reached):
        if package["source"] is None:
            continue
        folder = Path(package["manifest_path"]).parent
        licence = package["license"] or package["license_file"] or ""
        parts.append((package["name"], package["version"], licence, texts_in(folder)))
    return parts


def npm_parts(folder: Path) -> list[tuple[str, str, str, list[str]]]:
    lock = json.loads((folder / "package-lock.json").read_text(encoding="utf-8"))
    parts = []
    for place, package in lock["packages"].items():
        if place and not package.get("dev"):
            name = place.split("node_modules/")[-1]
            texts = texts_in(folder / place)
            parts.append((name, package["version"], package.get("license", ""), texts))
    return parts


def main() -> int:
    parts = rust_parts(json.load(sys.stdin)) + npm_parts(Path(sys.argv[1]))
    parts.sort()
    unlicensed = [name for name, _, licence, _ in parts if not licence]
    # Where one part brings several texts it is not told which is which: those that bring one licence say what is known.
    known = {licence for _, _, licence, texts in parts if texts and len(licences_of(licence)) == 1}
    missing = [
        name
        for name, _, licence, texts in parts
        if not texts and not known.intersection(licences_of(licence))
    ]
    print(f"Mifeng contains {len(parts)} third-party parts. Each stands here with its version, its licence and the texts")
    print("that it brings; a part that brings none is under the texts of its licence that stand with another part.")
    for name, version, licence, texts in parts:
        print(f"\n{'=' * 100}\n{name} {version}: {licence}\n")
        print("\n\n".join(texts) if texts else "(brings no text of its own)")
    for name in unlicensed:
        print(f"{name} says no licence", file=sys.stderr)
    for name in missing:
        print(f"{name} brings no licence text, and no other part has it", file=sys.stderr)
    return 1 if unlicensed or missing else 0


if __name__ == "__main__":
    sys.exit(main())
