using System;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Skerry.Base.Servers.Objects;
using Skerry.Base.Text;

namespace Skerry.Base.Servers.Services;

/// <summary>A session of one of the server's simple services: what it is, for whom, and under which label.</summary>
public unsafe struct ServiceSession
{
    public const int MaximumLabel = 128;

    public ObjectHandle Handle;
    public ProtectionDomain* Pd;

    /// <summary>CPUs that the session sees: the first, by index among the server's, and how many.</summary>
    public uint FirstCpu;
    public uint CpuCount;

    /// <summary>ROM: the module's dataspace and its length in bytes.</summary>
    public RegionMaps.Dataspace* Module;
    public ulong ModuleBytes;

    /// <summary>Channel: which end of which channel, as core counts them.</summary>
    public uint ChannelEnd;

    /// <summary>Of the parent: how it knows the session, and what it gave.</summary>
    public Sessions.SessionId ParentsId;
    public Kernel.CapabilitySlot ParentsCapability;

    /// <summary>The client has opened it itself, and has paid for it; what it gave besides.</summary>
    internal bool IsPaid;
    internal Memory.Resources Donation;

    /// <summary>LOG: its line. Null for others.</summary>
    internal LogLine* Line;

    internal ServiceSession* Next;
    private BoundedText<LabelBytes> _label;

    /// <summary>It stands on the console, and must not end a line there or look like another.</summary>
    public void SetLabel(ReadOnlySpan<byte> label)
    {
        Span<byte> buffer = stackalloc byte[MaximumLabel];
        var printable = new TextBuilder(buffer);
        _label.Set(printable.AppendPrintable(label).Text);
    }

    [UnscopedRef]
    public readonly ReadOnlySpan<byte> Label => _label.Text;

    [InlineArray(MaximumLabel)]
    private struct LabelBytes
    {
        private byte _byte;
    }
}
