"""The CPU that gdb looks at, and the kernel's objects on it, by the types that the kernel's image describes."""

import contextlib

import gdb

_CPU = "Skerry_Kernel_Skerry_Kernel_Cpu"
_OBJECTS = "Skerry_Kernel_Skerry_Kernel_Objects_"

_WORD = (1 << 64) - 1
_KERNEL = 1 << 63

# Of CR3 and of a root: the address of the table (Intel SDM vol. 3A, table 4-12).
_TABLE = 0x000F_FFFF_FFFF_F000


def register(name):
    """Of the CPU, not of a caller's frame."""
    return int(gdb.newest_frame().read_register(name)) & _WORD


def in_kernel():
    return register("rip") & _KERNEL != 0


def pointer(type_name, address):
    return gdb.Value(int(address) & _WORD).cast(gdb.lookup_type(type_name).pointer())


def kernel_object(type_name, address):
    """A pointer to a kernel object, such as Thread."""
    return pointer(_OBJECTS + type_name, address)


def cpu():
    """The CPU's block in the kernel; None while bootstrap runs. GS leads to it, or will when the kernel is entered."""
    for base in (register("gs_base"), register("k_gs_base")):
        if base & _KERNEL:
            return pointer(_CPU, base)
    return None


def current_thread():
    """The thread that the CPU runs; None while it idles."""
    block = cpu()
    thread = block["Current"] if block is not None else None
    return thread if thread is not None and int(thread) != 0 else None


def is_loaded(root):
    return register("cr3") & _TABLE == int(root) & _TABLE


@contextlib.contextmanager
def changed(registers):
    """So gdb sees what a CPU with these registers would; they are as before at the end."""
    frame = gdb.selected_frame()
    frame_level = frame.level() if hasattr(frame, "level") else 0
    gdb.newest_frame().select()
    before = {name: register(name) for name in registers}
    try:
        for name, value in registers.items():
            _set(name, value)
        yield
    finally:
        # What maps the kernel comes first.
        for name, value in before.items():
            _set(name, value)
        gdb.execute(f"frame {frame_level}", to_string=True)


def _set(name, value):
    # By its bytes: QEMU describes CR3 as a structure of fields, to which no number can be assigned.
    word = (int(value) & _WORD).to_bytes(8, "little")
    gdb.set_convenience_variable("skerry_value", gdb.Value(word, gdb.newest_frame().read_register(name).type))
    gdb.execute(f"set ${name} = $skerry_value", to_string=True)
