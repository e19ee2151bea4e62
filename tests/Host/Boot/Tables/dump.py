#!/usr/bin/env python3
"""Saves the ACPI tables of a QEMU machine as NAME-SIGNATURE.bin beside this script.

usage: dump.py NAME QEMU-ARGUMENT...    (for instance: dump.py 1x1 -m 64M)

Needs a built out/images/boot.elf: the firmware lays out the tables before it enters any kernel, and without a boot
archive ours ends at once. QEMU's -S with -no-shutdown keeps the memory there to be read through the monitor.
"""
import mmap, pathlib, struct, subprocess, sys, tempfile

here = pathlib.Path(__file__).parent
boot = here.parents[3] / "out/images/boot.elf"
name, arguments = sys.argv[1], sys.argv[2:]
with tempfile.TemporaryDirectory() as scratch:
    memory = pathlib.Path(scratch, "memory")
    command = ["qemu-system-x86_64", "-machine", "q35", "-cpu", "max", *arguments, "-display", "none", "-nodefaults"]
    command += ["-kernel", str(boot), "-monitor", "stdio"]
    qemu = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    subprocess.run(["sleep", "4"], check=True)
    qemu.stdin.write("stop\n" + f'pmemsave 0 0x80000000 "{memory}"\nquit\n')
    qemu.stdin.flush()
    qemu.wait()
    with memory.open("rb") as file:
        data = mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ)

rsdp = next(a for a in range(0xE0000, 0x100000, 16) if data[a : a + 8] == b"RSD PTR ")
rsdt, = struct.unpack_from("<I", data, rsdp + 16)
(here / f"{name}-RSDP.bin").write_bytes(data[rsdp : rsdp + 36])
length, = struct.unpack_from("<I", data, rsdt + 4)
for address in [rsdt, *struct.unpack_from(f"<{(length - 36) // 4}I", data, rsdt + 36)]:
    signature = data[address : address + 4].decode()
    length, = struct.unpack_from("<I", data, address + 4)
    if signature in ("RSDT", "APIC", "SRAT", "SLIT", "HMAT"):
        (here / f"{name}-{signature}.bin").write_bytes(data[address : address + length])
