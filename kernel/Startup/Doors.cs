using Skerry.Kernel.Layout;
using Skerry.Kernel.Machine;
using Skerry.Kernel.Objects;

namespace Skerry.Kernel.Startup;

/// <summary>The set of entry stubs that fits the processors of this cluster. Chosen once, at the start.</summary>
internal static unsafe class Doors
{
    private static ulong* set;

    public static ulong SystemCallEntry => set[DoorTableLayout.SystemCallEntry];

    public static ulong Vector(int vector) => ((ulong*)set[DoorTableLayout.VectorTable])[vector];

    public static void Choose(ProcessorFeatures features)
    {
        int index = features.HasAvx ? 0 : DoorTableLayout.WithoutAvx;
        set = Hardware.DoorTable() + index * DoorTableLayout.WordsPerSet;
    }

    /// <summary>Leaves the kernel into the first thread; does not return.</summary>
    public static void Leave(Thread* thread) => Hardware.Jump(thread, set[DoorTableLayout.ResumeThread]);
}
