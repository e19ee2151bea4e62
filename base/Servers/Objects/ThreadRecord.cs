using System.Runtime.CompilerServices;
using Skerry.Base.Kernel;
using Skerry.Base.Memory;
using Skerry.Base.Sessions;
using Skerry.Base.Text;

namespace Skerry.Base.Servers.Objects;

/// <summary>A thread as its server keeps it. Its kernel objects lie in one block of untyped memory of their own.</summary>
public unsafe struct ThreadRecord
{
    public const int MaximumName = ICpuSession.MaximumName;

    /// <summary>Also the cookie that its faults carry.</summary>
    public ObjectHandle Handle;
    public ProtectionDomain* Pd;
    public ThreadCapability Thread;
    public SchedContextCapability Context;
    public CapabilitySlot Reply;
    public UntypedBlock* Block;

    /// <summary>Its CPU, by index among the server's.</summary>
    public uint Cpu;
    public bool Started;

    /// <summary>As the kernel has it.</summary>
    public uint Priority;

    /// <summary>Holds the thread since it crashed; null if it did not.</summary>
    public HeldCaller* Crashed;

    /// <summary>Holds whoever has said that the thread is done; null if nobody has.</summary>
    public HeldCaller* Finished;

    /// <summary>The notification bound to it; null slot for none.</summary>
    public CapabilitySlot Notification;
    internal ThreadRecord* Next;
    public BoundedText<NameBytes> Name;

    [InlineArray(MaximumName)]
    public struct NameBytes
    {
        private byte _byte;
    }
}
