using Skerry.Kernel.Layout;
using Skerry.Stubs.Assembly;

namespace Skerry.Kernel.Entry;

/// <summary>The stubs of the kernel: its doors in and out, and the instructions that C# can't spell.</summary>
internal static class KernelStubs
{
    public static void Write(StubFile file)
    {
        file.Section(".text", "ax");
        EntryStubs.Write(file);
        foreach (DoorVariant variant in DoorVariant.All)
        {
            // What user mode's own page tables map of the kernel.
            file.Section(variant.Mitigated ? ".entry" : ".text", "ax");
            SystemCallStubs.Write(file, variant);
            PageFaultStubs.Write(file, variant);
            TrapStubs.Write(file, variant);
            ResumeStubs.Write(file, variant);
            DebugStubs.Write(file, variant);
        }
        file.Section(".text", "ax");
        ResumeStubs.WriteIdle(file);
        FrameBorder.Write(file);
        HardwareStubs.Write(file);
        DebugStubs.WriteInstructions(file);
        file.Section(".rodata", "a");
        BarrierCode.WriteInitialState(file);
        file.Align(8);
        foreach (DoorVariant variant in DoorVariant.All)
        {
            TrapStubs.WriteTable(file, variant);
        }
        file.Global(EntryNames.DoorTable);
        foreach (DoorVariant variant in DoorVariant.All)
        {
            // In the order of DoorTableLayout.
            file.Quad(variant.Name(EntryNames.SystemCallEntry));
            file.Quad(variant.Name(EntryNames.VectorTable));
            file.Quad(variant.Name(EntryNames.ResumeThread));
            file.Quad(variant.Name(EntryNames.SystemCallEntryDebugged));
        }
        // Without a table of names (before it is made) the first link finds an empty one here.
        file.Line(".weak SymbolTable");
        file.Section(".data", "aw");
        // ilc refers to these two as data: the cookie of functions with buffers, and a flag that is never set.
        file.Global("__security_cookie");
        file.Quad("0x2b992ddfa232");
        file.Global("RhpTrapThreads");
        file.Long("0");
    }
}
