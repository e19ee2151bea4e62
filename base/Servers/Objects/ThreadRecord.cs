using System;
using System.Runtime.CompilerServices;
using Skerry.Base.Kernel;
using Skerry.Base.Memory;
using Skerry.Base.Sessions;

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
    private int _nameBytes;
    private NameText _name;

    public void SetName(ReadOnlySpan<byte> name)
    {
        _nameBytes = name.Length < MaximumName ? name.Length : MaximumName;
        for (int i = 0; i < _nameBytes; i++)
        {
            _name[i] = name[i];
        }
    }

    // Safety: records of a slab never move.
    public static ReadOnlySpan<byte> NameOf(ThreadRecord* thread) => new(&thread->_name, thread->_nameBytes);

    [InlineArray(MaximumName)]
    private struct NameText
    {
        private byte _byte;
    }
}
