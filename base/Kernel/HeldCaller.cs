namespace Skerry.Base.Kernel;

/// <summary>A caller, or a thread that has faulted, that is answered later: a Reply object that holds it. Records never move.</summary>
public unsafe struct HeldCaller
{
    public CapabilitySlot Reply;

    /// <summary>Of the Reply object, by index among the server's: the kernel takes the answer only there.</summary>
    public uint Cpu;

    /// <summary>The one behind it, among those that are free or those whose answer waits for the CPU.</summary>
    public HeldCaller* Next;

    /// <summary>What it is told, once that is known.</summary>
    public HeldAnswer Answer;
}
