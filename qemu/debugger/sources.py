"""Where a method stands in the sources of what runs in the machine."""

import os
import re

ROOT = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../.."))

# What lies in these runs on the host, or is no source.
_ELSEWHERE = ["out", "tests", "qemu", "docs"]

_MODIFIER = r"^\s*(?:public|private|internal|protected|static|unsafe)\b"


def _files():
    for folder, below, names in os.walk(ROOT):
        below[:] = [name for name in below if not name.startswith(".") and name not in _ELSEWHERE]
        yield from (os.path.join(folder, name) for name in names if name.endswith(".cs"))


def declaration(name):
    """FILE:LINE of a method by its name in C# (Class.Method); None if there is none."""
    (owner, _, method) = name.rpartition(".")
    kind = re.compile(rf"\b(?:class|struct|interface|record)\s+{re.escape(owner.rpartition('.')[2])}\b")
    head = re.compile(rf"{_MODIFIER}.*\s{re.escape(method)}\s*(?:<[^(]*>)?\(")
    for path in sorted(_files()) if owner else []:
        with open(path, encoding="utf-8") as file:
            lines = file.readlines()
        if any(kind.search(line) for line in lines):
            for number, line in enumerate(lines, 1):
                if head.search(line):
                    return f"{os.path.relpath(path, ROOT)}:{number}"
    return None
