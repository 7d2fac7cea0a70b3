# SPDX-License-Identifier: Apache-2.0
"""The pages of the documentation: Markdown with fenced snippets."""

import re
import subprocess
from pathlib import Path


class Page:
    """One Markdown file. `fences` holds (language, line number, text); `prose` the lines outside of fences."""

    def __init__(self, path):
        self.path = path
        self.fences, self.prose = [], []
        fence = None
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            match = re.match(r"\s*```(\S*)\s*$", line)
            if fence is None and match:
                fence = (match.group(1), number + 1, [])
            elif fence is not None and match and not match.group(1):
                self.fences.append((fence[0], fence[1], "\n".join(fence[2])))
                fence = None
            elif fence is not None:
                fence[2].append(line)
            else:
                self.prose.append((number, line))
        if fence is not None:
            raise SystemExit(f"{path}:{fence[1]}: this snippet has no end")

    def anchors(self):
        """Names of headings as GitHub makes them."""
        result = set()
        for _, line in self.prose:
            if match := re.match(r"#+\s+(.*?)\s*$", line):
                text = re.sub(r"[`*]|\]\([^)]*\)|\[", "", match.group(1)).lower()
                result.add(re.sub(r"[^\w\- ]", "", text).replace(" ", "-"))
        return result


def pages(root):
    """All Markdown files that git knows or would add, by path."""
    listed = subprocess.run(
        ["git", "-C", root, "ls-files", "-co", "--exclude-standard", "*.md"], check=True, capture_output=True, text=True)
    return {path: Page(path) for name in listed.stdout.split("\n") if name and (path := Path(root, name)).exists()}
