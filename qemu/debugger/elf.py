"""A linked image as far as a debugger asks: its code, its entry, its functions."""

import os
import struct
import subprocess

import gdb
import sources

IMAGES = os.path.normpath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../out/images"))

# These lie at addresses of their own.
ALONE = ["kernel", "kernel-checked", "boot"]

_LOAD = 1
_EXECUTABLE = 1


class Image:
    """One of out/images, by its name."""

    def __init__(self, name):
        self.name = name
        self.path = os.path.join(IMAGES, name + ".elf")
        try:
            with open(self.path, "rb") as file:
                data = file.read()
        except OSError as error:
            raise gdb.GdbError(f"{self.path}: {error.strerror}: there is no program {name}")
        (self.entry, headers) = struct.unpack_from("<QQ", data, 24)
        (count,) = struct.unpack_from("<H", data, 56)
        self.code = 0
        self.text = b""
        for at in range(headers, headers + 56 * count, 56):
            (kind, flags, offset, address, _, size) = struct.unpack_from("<IIQQQQ", data, at)
            if kind == _LOAD and flags & _EXECUTABLE:
                (self.code, self.text) = (address, data[offset : offset + size])

    def holds(self, address):
        return self.code <= address < self.code + len(self.text)

    def bytes_at(self, address, size):
        """Fewer, where the code ends."""
        start = address - self.code
        return self.text[start : start + size] if self.holds(address) else b""

    def functions(self):
        """Address and name of each, as binutils' nm lists them."""
        listed = subprocess.run(["nm", "--defined-only", self.path], capture_output=True, text=True, check=True)
        words = [line.split(" ", 2) for line in listed.stdout.splitlines()]
        return [(int(word[0], 16), word[2]) for word in words if len(word) == 3 and word[1] in "tT"]

    def function(self, name):
        """The address of a symbol, or of a method by its name in C# (Class.Method)."""
        method = "_" + name.replace(".", "__")
        found = {
            address: symbol
            for (address, symbol) in self.functions()
            # Of a generic method, what it was made for stands behind its name.
            if (symbol == name or symbol.split("<")[0].endswith(method)) and not symbol.startswith("_lsda")
        }
        if not found:
            raise gdb.GdbError(f"{self.path}: {_absence(name)}")
        if len(found) > 1:
            raise gdb.GdbError(f'{self.path}: "{name}" may be {" or ".join(found.values())}')
        return next(iter(found))


def _absence(name):
    """What may be done about a method that has no symbol: ilc keeps neither code nor lines of one that it inlines."""
    place = sources.declaration(name)
    if place is None:
        return f'has no symbol and no method "{name}"'
    return (
        f'has no code of its own for "{name}" ({place}): it is inlined into its callers, or this program does not use it; '
        "break in a caller, or mark it [MethodImpl(MethodImplOptions.NoInlining)] and build anew"
    )


def components():
    """All programs that run in user mode."""
    names = sorted(os.path.splitext(file)[0] for file in os.listdir(IMAGES) if file.endswith(".elf"))
    return [Image(name) for name in names if name not in ALONE]
