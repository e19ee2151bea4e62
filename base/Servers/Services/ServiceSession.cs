using System;
using System.Runtime.CompilerServices;
using Skerry.Base.Servers.Objects;

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
    private int _labelBytes;
    private LabelText _label;

    /// <summary>It stands on the console, and must not end a line there or look like another.</summary>
    public void SetLabel(ReadOnlySpan<byte> label)
    {
        _labelBytes = label.Length < MaximumLabel ? label.Length : MaximumLabel;
        for (int i = 0; i < _labelBytes; i++)
        {
            _label[i] = LogText.Printable(label[i]);
        }
    }

    // Safety: records of a slab never move.
    public static ReadOnlySpan<byte> LabelOf(ServiceSession* session) => new(&session->_label, session->_labelBytes);

    [InlineArray(MaximumLabel)]
    private struct LabelText
    {
        private byte _byte;
    }
}
