using Skerry.Abi.Boot;
using Skerry.Boot.Loading;
using Skerry.Boot.Memory;

namespace Skerry.Boot.Clusters;

/// <summary>What all kernel instances are made from.</summary>
public ref struct InstanceInputs
{
    public PhysicalMemory Memory;
    public ElfImage Kernel;
    public ElfImage Core;
    public PhysicalRange Archive;
    public uint MachineBytes;
    public ulong LocalApic;

    /// <summary>For the boot cluster: the I/O APICs are its kernel's alone.</summary>
    public InterruptSources Interrupts;
    public ulong TscHertz;
    public ulong ApicTimerHertz;

    /// <summary>The page that the switch to a kernel's page tables runs on.</summary>
    public ulong EntryCodePage;

    /// <summary>The CPUs know pages of 1 GiB.</summary>
    public bool HasHugePages;

    /// <summary>What all CPUs have of the features that an image looks for.</summary>
    public FeatureWords Features;

    /// <summary>panic=exit: a panic of any kernel ends the machine, and with it the test that asked for it.</summary>
    public bool ExitOnPanic;

    /// <summary>mitigations=on.</summary>
    public bool Mitigations;

    /// <summary>Pages of the kernel's text, which its direct map must not make writable again.</summary>
    public readonly ulong TextPages => PhysicalMemory.PagesOf(Kernel[0].MemoryBytes);
}
