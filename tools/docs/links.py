# SPDX-License-Identifier: Apache-2.0
"""Relative links and anchors. Links of DocC (`<doc:…>`, double backticks) are checked by docc itself."""

import re
from pathlib import Path


def problems(pages):
    for page in pages.values():
        for number, line in page.prose:
            plain = re.sub(r"`[^`]*`", "", line)
            for target in re.findall(r"\]\(([^)\s]+)\)", plain):
                if re.match(r"[a-z]+:", target):
                    continue
                name, _, anchor = target.partition("#")
                path = Path(page.path.parent, name).resolve() if name else page.path.resolve()
                if not path.exists():
                    yield f"{page.path}:{number}: {target}: there is no such file"
                elif anchor:
                    other = next((p for q, p in pages.items() if q.resolve() == path), None)
                    if other is None or anchor not in other.anchors():
                        yield f"{page.path}:{number}: {target}: there is no such heading"
