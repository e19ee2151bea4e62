using System.Runtime.InteropServices;
using Skerry.Abi;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Layout;

namespace Skerry.Kernel.Tracing;

/// <summary>Of one CPU: the kernel entry under way, as its traced door left it, and the ring. That CPU's own.</summary>
[StructLayout(LayoutKind.Explicit, Size = Size)]
internal unsafe struct TraceState
{
    /// <summary>The time-stamp counter at the entry; 0 if none is under way that the traced doors saw.</summary>
    [FieldOffset(CpuLayout.TraceStart - CpuLayout.Trace)]
    public ulong Start;

    [FieldOffset(CpuLayout.TraceKind - CpuLayout.Trace)]
    public ulong Kind;

    [FieldOffset(CpuLayout.TraceCode - CpuLayout.Trace)]
    public ulong Code;

    /// <summary>The MessageInfo of a system call.</summary>
    [FieldOffset(CpuLayout.TraceInfo - CpuLayout.Trace)]
    public ulong Info;

    [FieldOffset(CpuLayout.TraceObject - CpuLayout.Trace)]
    public ulong Object;

    /// <summary>The thread that entered, or 0; only to be compared, as it may be gone by the way out.</summary>
    [FieldOffset(CpuLayout.TraceThread - CpuLayout.Trace)]
    public ulong Thread;

    [FieldOffset(CpuLayout.TraceCookie - CpuLayout.Trace)]
    public ulong Cookie;

    [FieldOffset(CpuLayout.TraceWriter - CpuLayout.Trace)]
    public TraceWriter Writer;

    /// <summary>What the CPU is to write to from its next entry on; null: nothing. The cluster lock protects it.</summary>
    [FieldOffset(CpuLayout.TraceWantedRing - CpuLayout.Trace)]
    public byte* WantedRing;

    [FieldOffset(CpuLayout.TraceWantedPages - CpuLayout.Trace)]
    public ulong WantedPages;

    /// <summary>Holds the ring's frame. At a multiple of a slot's size in the CPU's block.</summary>
    [FieldOffset(CpuLayout.TraceBinding - CpuLayout.Trace)]
    public Capability Binding;

    public const int Size = 192;

    /// <summary>
    /// Nothing is recorded of the entry under way. What it has left here goes too: with mitigations each protection domain's
    /// tables map these words, and only traced doors clear them.
    /// </summary>
    public void ForgetEntry()
    {
        Start = 0;
        Kind = 0;
        Code = 0;
        Info = 0;
        Object = 0;
        Thread = 0;
        Cookie = 0;
    }
}
