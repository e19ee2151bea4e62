"""Which functions a path goes through, instruction by instruction."""

import bisect
import collections
import re

import gdb
import programs
from elf import Image
from machine import in_kernel, register


class Functions:
    """The functions of one image, by the addresses in them."""

    def __init__(self, image):
        listed = sorted((address, name) for (address, name) in image.functions() if not name.startswith("_lsda"))
        self._starts = [address for (address, _) in listed]
        self._names = [name for (_, name) in listed]
        self._image = image.name

    def at(self, address):
        """IMAGE and Class.Method, or the symbol where it is no method."""
        place = bisect.bisect_right(self._starts, address) - 1
        return f"{self._image} {_short(self._names[place])}" if place >= 0 else f"{self._image} ?"


def _short(symbol):
    """Class.Method; what a generic one was made for is left out, and how many parameters it has."""
    plain = symbol
    while re.search("<[^<>]*>", plain):
        plain = re.sub("(_[0-9]+)?<[^<>]*>", "", plain)
    (owner, _, method) = plain.rpartition("__")
    return f'{owner.rsplit("_", 1)[-1]}.{method}' if owner else plain


class Path(gdb.Command):
    """skerry-path METHOD: from here on step until METHOD of this program, and say how many instructions each function had.

    One line for each function, the most first: @path COUNT IMAGE FUNCTION. Interrupts wait meanwhile."""

    def __init__(self):
        super().__init__("skerry-path", gdb.COMMAND_RUNNING)

    def invoke(self, argument, from_tty):
        own = programs.current()
        if own is None:
            raise gdb.GdbError("it is not known which program runs on this CPU")
        end = own.function(argument.strip())
        space = register("cr3")
        functions = {}
        programs.following = False
        # Of this program only the symbols were loaded; a breakpoint would stop each step at its own address.
        gdb.execute("delete breakpoints")
        counts = collections.Counter()
        try:
            while register("cr3") != space or register("rip") != end:
                counts[_function(functions)] += 1
                gdb.execute("stepi", to_string=True)
        finally:
            programs.following = True
        for name, count in counts.most_common():
            print(f"@path {count} {name}")


def _function(functions):
    """The function that is executed; each address space is looked into once."""
    rip = register("rip")
    key = "kernel" if in_kernel() else register("cr3")
    if key not in functions:
        image = Image("kernel") if in_kernel() else programs.at(rip)
        if image is None:
            return "? ?"
        functions[key] = Functions(image)
    return functions[key].at(rip)


Path()
