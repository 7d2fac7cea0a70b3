# SPDX-License-Identifier: Apache-2.0
"""What the commands of this package share."""
from __future__ import annotations

import argparse
import sys
from typing import Callable, NoReturn

from .errors import DatasetError


class Parser(argparse.ArgumentParser):
    """Leaves line breaks of descriptions alone; wrong usage ends with 64, as in `reconstruct`."""

    def __init__(self, **keywords: object) -> None:
        super().__init__(formatter_class=argparse.RawDescriptionHelpFormatter, **keywords)  # type: ignore[arg-type]

    def error(self, message: str) -> NoReturn:
        self.print_usage(sys.stderr)
        self.exit(64, f"error: {message}\n")


def exit_code(action: Callable[[], None]) -> int:
    """Does something; 0 when it went well, 1 after an error, which is told, and 130 when the user stopped it."""
    try:
        action()
    except DatasetError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"error: {error.filename}: {error.strerror}.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        return 130
    return 0
