using Skerry.Kernel.Layout;
using Skerry.Stubs.Assembly;

namespace Skerry.Stubs.Kernel;

/// <summary>The stubs of the kernel: its doors in and out, and the instructions that C# can't spell.</summary>
internal static class KernelStubs
{
    public static void Write(StubFile file)
    {
        file.Section(".text", "ax");
        EntryStubs.Write(file);
        SystemCallStubs.Write(file);
        PageFaultStubs.Write(file);
        TrapStubs.Write(file);
        ResumeStubs.Write(file);
        HardwareStubs.Write(file);
        file.Section(".rodata", "a");
        file.Align(8);
        file.Global("VectorTable");
        for (int vector = 0; vector < Vectors.Count; vector++)
        {
            file.Quad(TrapStubs.NameOf(vector));
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
