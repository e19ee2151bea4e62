using System.Runtime.CompilerServices;
using Skerry.Kernel.Interrupts;

namespace Skerry.Kernel.Scheduling;

/// <summary>
/// The one timer of each CPU, set to a value of the time-stamp counter: by the local APIC's TSC-deadline mode where the
/// processor has it, else by its one-shot counter, for which time is converted by one multiplication.
/// </summary>
internal static unsafe class DeadlineTimer
{
    /// <summary>It is set to nothing.</summary>
    public const ulong Never = ulong.MaxValue;

    private const int FractionBits = 32;

    /// <summary>Local APIC timer ticks of one TSC tick, in units of 2^-32, rounded up.</summary>
    private static ulong apicPerTsc;

    /// <summary>TSC ticks that the one-shot counter is set to at most: a second, or less if the multiplication can't take it.</summary>
    private static ulong longest;

    /// <summary>Whether the processor compares the time-stamp counter itself (Intel SDM vol. 3A, 11.5.4.1).</summary>
    public static bool ComparesCounter { get; private set; }

    /// <summary>Neither of the two is written as memory is.</summary>
    private static bool isRegister;

    /// <summary>Once for the cluster, with the rates that bootstrap has measured.</summary>
    public static void Initialise(ulong tscHertz, ulong apicHertz, bool hasTscDeadline)
    {
        ComparesCounter = hasTscDeadline;
        isRegister = hasTscDeadline || LocalApic.IsX2;
        apicPerTsc = (apicHertz << FractionBits) / tscHertz + 1;
        ulong convertible = ulong.MaxValue / apicPerTsc;
        longest = tscHertz < convertible ? tscHertz : convertible;
    }

    /// <summary>Of the calling CPU. An interrupt that comes early is no harm: whoever handles it sets the timer anew.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Set(Cpu* cpu, ulong deadline, ulong now)
    {
        if (isRegister)
        {
            SetRegister(cpu, deadline, now);
            return;
        }
        LocalApic.SetTimer(TicksUntil(cpu, deadline, now));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void SetRegister(Cpu* cpu, ulong deadline, ulong now)
    {
        if (ComparesCounter)
        {
            cpu->TimerSetFor = deadline;
            LocalApic.SetDeadline(deadline);
            return;
        }
        LocalApic.SetTimerRegister(TicksUntil(cpu, deadline, now));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint TicksUntil(Cpu* cpu, ulong deadline, ulong now)
    {
        ulong ticks = deadline > now ? deadline - now : 0;
        if (ticks > longest)
        {
            ticks = longest;
        }
        cpu->TimerSetFor = now + ticks;
        return ToApicTicks(ticks);
    }

    public static void Stop(Cpu* cpu)
    {
        cpu->TimerSetFor = Never;
        if (ComparesCounter)
        {
            LocalApic.SetDeadline(0);
        }
        else if (isRegister)
        {
            LocalApic.SetTimerRegister(0);
        }
        else
        {
            LocalApic.SetTimer(0);
        }
    }

    /// <summary>Rounded up, so that the interrupt never comes before its time, and is not 0, which would stop the timer.</summary>
    private static uint ToApicTicks(ulong tscTicks) => (uint)((tscTicks * apicPerTsc) >> FractionBits) + 1;
}
