using Skerry.Abi.Boot;

namespace Skerry.Boot.Layout;

/// <summary>Numbers that the assembled stubs and C# share.</summary>
public static class BootLayout
{
    /// <summary>Where the trampoline runs: below 1 MiB, its page number is the vector of the start-up IPI.</summary>
    public const int TrampolineAddress = 0x8000;

    /// <summary>Bytes of each started CPU's stack in the bootstrap program.</summary>
    public const int ProcessorStackBytes = BootstrapSize.StackBytes;

    public const int BootStackBytes = 0x1_0000;

    /// <summary>CPUs of the machine that can be used.</summary>
    public const int MaximumProcessors = BootstrapSize.Stacks;

    /// <summary>Exceptions that the processor defines.</summary>
    public const int FaultVectors = 32;

    /// <summary>The interrupt that wakes a CPU which waits for its kernel.</summary>
    public const int WakeVector = FaultVectors;

    /// <summary>Gates of the interrupt descriptor table.</summary>
    public const int Vectors = WakeVector + 1;

    /// <summary>Bytes from one exception stub to the next.</summary>
    public const int FaultStubStride = 16;

    /// <summary>Page directories of the identity map: as many GiB in pages of 2 MiB, if the CPU knows none of 1 GiB.</summary>
    public const int Directories = 64;

    /// <summary>Page tables of the identity map: from address 0 to the end of bootstrap's image at most, 2 MiB each.</summary>
    public const int PageTables = 8;
}
