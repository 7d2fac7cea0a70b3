# SPDX-License-Identifier: Apache-2.0
"""Swift snippets must stand in `Examples/` word for word, and `Examples/` must compile for users: without `package` access."""

import textwrap
from pathlib import Path

from build import Build


def normal(text):
    return "\n".join(line.rstrip() for line in textwrap.dedent(text).strip("\n").split("\n"))


def contains(source, snippet):
    """Whether the lines of `snippet` follow each other in `source`, whatever the indentation."""
    lines, wanted = source.split("\n"), normal(snippet)
    size = wanted.count("\n") + 1
    return any(normal("\n".join(lines[i:i + size])) == wanted for i in range(len(lines) - size + 1))


def problems(pages, root, build: Build):
    files = sorted(Path(root, "Examples").glob("*.swift"))
    sources = [path.read_text(encoding="utf-8") for path in files]
    for page in pages.values():
        for language, first, text in page.fences:
            if language == "swift" and not any(contains(source, text) for source in sources):
                yield f"{page.path}:{first}: this snippet is not in Examples/, where it would be compiled"
    result = build.run(["swiftc", "-typecheck", "-swift-version", "6", "-parse-as-library", *build.flags(), *map(str, files)])
    if result.returncode != 0:
        yield f"Examples/ does not compile outside of the package:\n{result.stderr}"
