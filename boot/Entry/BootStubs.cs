using Skerry.Abi.Boot;
using Skerry.Boot.Layout;
using Skerry.Stubs.Assembly;

namespace Skerry.Boot.Entry;

/// <summary>The stubs of the bootstrap program: how CPUs come in, what C# has no spelling for, how they go out.</summary>
internal static class BootStubs
{
    public static void Write(StubFile file)
    {
        WriteNote(file);
        file.Section(".text", "ax");
        file.Function(BootNames.PvhEntry, LongMode.BootProcessorEntry());
        ArchiveCheck.Write(file);
        ProcessorCheck.Write(file);
        file.Function(BootNames.ProcessorEntry32, LongMode.ProcessorEntry());
        file.Function(BootNames.BootLongMode, LongMode.BootProcessorContinuation());
        file.Function(BootNames.ProcessorLongMode, LongMode.ProcessorContinuation());
        FaultStubs.Write(file);
        MachineStubs.Write(file);
        WriteTrampoline(file);
        WriteData(file);
    }

    /// <summary>Where QEMU enters a 64-bit ELF image: XEN_ELFNOTE_PHYS32_ENTRY (Xen public/elfnote.h, x86/HVM direct boot).</summary>
    private static void WriteNote(StubFile file)
    {
        const int physical32Entry = 18;
        file.Section(".note.pvh", "a", StubFile.Notes, 4);
        file.Long("4");
        file.Long("4");
        file.Long($"{physical32Entry}");
        file.Bytes("Xen\0"u8);
        file.Long(BootNames.PvhEntry);
    }

    /// <summary>Copied below 1 MiB before any CPU is started: the code first, the descriptor it loads behind it.</summary>
    private static void WriteTrampoline(StubFile file)
    {
        file.Section(".rodata", "a");
        file.Function(BootNames.Trampoline, LongMode.Trampoline());
        file.Align(LongMode.TrampolineDescriptorOffset);
        WriteGdtPointer(file);
        file.Global(BootNames.TrampolineEnd);
        ProcessorCheck.WriteTexts(file);
    }

    private static void WriteData(StubFile file)
    {
        file.Section(".data", "aw");
        // Intel SDM vol. 3A, 3.4.5: null, 64-bit code, data, 32-bit code.
        file.Align(8);
        file.Global(BootNames.Gdt);
        file.Quad("0");
        file.Quad("0x00af9a000000ffff");
        file.Quad("0x00cf92000000ffff");
        file.Quad("0x00cf9a000000ffff");
        file.Global(BootNames.GdtPointer);
        WriteGdtPointer(file);
        file.Align(8);
        file.Global(BootNames.IdtPointer);
        file.Bytes([(BootLayout.Vectors * 16 - 1) & 0xff, (BootLayout.Vectors * 16 - 1) >> 8]);
        file.Quad(BootNames.Idt);
        // ilc refers to these two as data: the cookie of functions with buffers, and a flag that is never set.
        file.Align(8);
        file.Global("__security_cookie");
        file.Quad("0x2b992ddfa232");
        file.Global("RhpTrapThreads");
        file.Long("0");
        file.Global(BootNames.ProcessorStackCount);
        file.Long("0");
        file.Global(BootNames.NextProcessorStack);
        file.Long("0");
        file.Global(BootNames.ArrivedProcessors);
        file.Long("0");
        ProcessorCheck.WriteNeeded(file);
        file.Section(".bss", "aw", StubFile.Empty, 4096);
        Reserve(file, BootNames.BootRootTable, 4096);
        Reserve(file, BootNames.BootPointerTable, 4096);
        Reserve(file, BootNames.BootDirectories, BootLayout.Directories * 4096);
        Reserve(file, BootNames.BootPageTables, BootLayout.PageTables * 4096);
        Reserve(file, BootNames.Idt, BootLayout.Vectors * 16);
        Reserve(file, BootNames.OwnFeatures, FeatureWords.Count * sizeof(uint));
        Reserve(file, BootNames.MissingFeatures, FeatureWords.Count * sizeof(uint));
        file.Align(4096);
        Reserve(file, BootNames.BootStack, BootLayout.BootStackBytes);
        file.Global(BootNames.BootStackTop);
        // Last of all in the image (build/link/boot.ld): what is not needed of them is given away.
        file.Section(".stacks", "aw", StubFile.Empty, 4096);
        Reserve(file, BootNames.ProcessorStacks, BootLayout.MaximumProcessors * BootLayout.ProcessorStackBytes);
    }

    private static void WriteGdtPointer(StubFile file)
    {
        file.Bytes([4 * 8 - 1, 0]);
        file.Long(BootNames.Gdt);
        file.Long("0");
    }

    private static void Reserve(StubFile file, string symbol, int bytes)
    {
        file.Global(symbol);
        file.Skip(bytes);
    }
}
