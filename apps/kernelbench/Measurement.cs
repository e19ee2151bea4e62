using System.Runtime;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Measurement;

namespace Skerry.Apps.KernelBench;

/// <summary>The registers of a measured system call, before and after, and the readings around it (MeasureLayout).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Request
{
    /// <summary>In: the <see cref="SystemCall"/>. Out: the <see cref="Status"/>.</summary>
    public ulong Number;

    /// <summary>In: a capability's slot. Out: the badge.</summary>
    public ulong Slot;
    public ulong Info;
    public ulong Word0;
    public ulong Word1;
    public ulong Word2;
    public ulong Word3;

    /// <summary>The counter's lower 32 bits: before the first load, and behind the system call.</summary>
    public ulong Begin;
    public ulong End;

    public readonly Status Status => (Status)Number;

    public static Request Of(SystemCall call, CapabilitySlot slot) => new() { Number = (ulong)call, Slot = slot.Value };

    public static Request Of(SystemCall call, CapabilitySlot slot, MessageInfo info) =>
        new()
        {
            Number = (ulong)call,
            Slot = slot.Value,
            Info = info.Value,
        };

    /// <summary>An operation on a kernel object, to be given its words.</summary>
    public static Request Invoke(CapabilitySlot slot, ulong operation) =>
        Of(SystemCall.Invoke, slot, MessageInfo.Of(operation, MessageLimits.RegisterWords));
}

/// <summary>Runs one measured system call, and knows what a measurement itself costs.</summary>
internal static unsafe class Measurement
{
    private const int CalibrationRounds = 10;

    /// <summary>Rounds before the first sample: caches and translations are warm, lazily made things are there.</summary>
    public const int WarmUp = 20;

    /// <summary>Ticks of a measurement without its system call.</summary>
    public static uint Empty { get; private set; }

    /// <summary>The same where no answer of a system call is kept: between two plain readings.</summary>
    public static uint EmptyPlain { get; private set; }

    public static void Calibrate()
    {
        Empty = Least(MeasureKind.Empty);
        EmptyPlain = Least(MeasureKind.Plain);
    }

    /// <summary>Ticks that the loads, the system call and all that it causes took, less the empty measurement.</summary>
    public static uint Ticks(ref Request request, MeasureKind kind)
    {
        fixed (Request* fields = &request)
        {
            MeasureStub(fields, (uint)kind);
        }
        return (uint)request.End - (uint)request.Begin - Empty;
    }

    /// <summary>What the same instructions take without their system calls: user level's share.</summary>
    public static uint Share(MeasureKind kind) =>
        Least(kind >= MeasureKind.DryPingPong ? kind : kind | MeasureKind.Dry) - Empty;

    /// <summary>Reads the counter without measuring, so that other CPUs may run meanwhile.</summary>
    public static void Pause()
    {
        Request request = default;
        Ticks(ref request, MeasureKind.Pause);
    }

    private static uint Least(MeasureKind kind)
    {
        uint least = uint.MaxValue;
        for (int i = 0; i < CalibrationRounds; i++)
        {
            Request request = default;
            Ticks(ref request, kind);
            uint ticks = (uint)request.End - (uint)request.Begin;
            least = ticks < least ? ticks : least;
        }
        return least;
    }

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", MeasureEntryPoints.MeasureStub)]
    private static extern void MeasureStub(Request* request, ulong kind);
}
