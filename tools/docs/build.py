# SPDX-License-Identifier: Apache-2.0
"""What `swift build -c release` left behind: modules and the maps of C headers."""

import subprocess
from pathlib import Path


class Build:
    def __init__(self, root):
        self.root = Path(root)
        self.folder = self.root / ".build" / "release"
        if not (self.folder / "Modules").is_dir():
            raise SystemExit(f"check-docs: {self.folder} holds no modules; run: swift build -c release")

    def flags(self):
        """Options with which the compiler finds the modules."""
        maps = sorted(self.folder.glob("*.build/module.modulemap"))
        maps += sorted((self.root / ".build" / "checkouts").glob("*/Sources/*/module.modulemap"))
        maps += sorted((self.root / "Sources").glob("*/module.modulemap"))
        result = ["-I", str(self.folder / "Modules")]
        for path in maps:
            result += ["-Xcc", f"-fmodule-map-file={path}"]
        return result

    def run(self, command):
        return subprocess.run(command, cwd=self.root, capture_output=True, text=True)
