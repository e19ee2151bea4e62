using System.Runtime.CompilerServices;
using System.Threading;
using Skerry.Abi;
using Skerry.Kernel.Interrupts;
using Skerry.Kernel.Ipc;
using Skerry.Kernel.Layout;
using Skerry.Kernel.Objects;
using Skerry.Kernel.Scheduling;

namespace Skerry.Kernel.Cluster;

/// <summary>
/// What one CPU of the cluster hands to another: threads that want something of its endpoints, threads of its own that
/// are to run again, notifications with new bits. Lists of the objects themselves, so nothing is allocated and nothing
/// can run over. The first one in a list sends an interrupt, those behind it find it on its way.
/// </summary>
/// <remarks>
/// The lists are served in one piece with interrupts off, by whoever needs them empty, so they must not be long. While one
/// counts more than <see cref="MostWaiting"/>, no other CPU begins a slow system call, or a further step of a long one: so a
/// list counts no more than that, and what one step of each CPU adds (docs/decisions/0087). A long message counts as several,
/// by what it takes.
/// </remarks>
internal static unsafe class Requests
{
    private const uint MostWaiting = 16;

    /// <summary>By reading the code, not measured: copying so many words takes about as long as handing a thread over.</summary>
    private const int WordsOfOne = 12;

    /// <summary>
    /// One of the CPUs that have more waiting, or had, so that all others wait for it; null: none that was not served since.
    /// Under the cluster lock; but an interrupt that signals another CPU's notification has none, so what it writes here or
    /// counts may be lost. Then the next one that is added writes it. And <see cref="CrossCalls"/> reads it before it
    /// has the lock.
    /// </summary>
    public static Cpu* Behind { get; private set; }

    /// <summary>Whether this CPU has to wait for another to serve what it was handed. Its calls are made again until then.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool MustWait(Cpu* cpu) => Behind != null && IsBehindAnother(cpu);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool IsBehindAnother(Cpu* cpu)
    {
        if (!IsBehind(Behind))
        {
            // The last to be behind is not the only one: a step may hand threads to many CPUs.
            Behind = FindBehind(except: null);
        }
        return Behind != null && (Behind != cpu || FindBehind(cpu) != null);
    }

    private static Cpu* FindBehind(Cpu* except)
    {
        for (uint i = 0; i < ClusterCpus.Count; i++)
        {
            Cpu* other = ClusterCpus.At(i);
            if (other != except && IsBehind(other))
            {
                return other;
            }
        }
        return null;
    }

    private static bool IsBehind(Cpu* cpu)
    {
        ref Cpu.SharedState lists = ref cpu->Shared;
        return (Volatile.Read(ref lists.RequestHead) != 0 && lists.RequestCount > MostWaiting)
            || (Volatile.Read(ref lists.SignalHead) != 0 && lists.SignalCount > MostWaiting);
    }

    /// <summary>Under the cluster lock.</summary>
    public static void Hand(Cpu* cpu, Cpu* owner, Thread* thread)
    {
        thread->Flags |= ThreadFlags.Handed;
        ulong head = Volatile.Read(ref owner->Shared.RequestHead);
        while (true)
        {
            thread->RequestNext = (Thread*)head;
            ulong seen = Interlocked.CompareExchange(ref owner->Shared.RequestHead, (ulong)thread, head);
            if (seen == head)
            {
                break;
            }
            head = seen;
        }
        if (head == 0)
        {
            owner->Shared.RequestCount = 1;
            Interrupt(cpu, owner);
        }
        else if ((owner->Shared.RequestCount += WeightOf(owner, thread)) > MostWaiting)
        {
            Behind = owner;
        }
    }

    /// <summary>A thread that is to run is 1. So is a message in registers; each 12 words more, and each capability.</summary>
    private static uint WeightOf(Cpu* owner, Thread* thread)
    {
        if (thread->Cpu == owner->Index)
        {
            return 1;
        }
        var info = new MessageInfo(thread->Info);
        return 1 + (uint)(info.Length / WordsOfOne + info.Capabilities);
    }

    /// <summary>Under the cluster lock, or by an interrupt.</summary>
    public static void Signal(Cpu* cpu, Cpu* owner, Notification* notification, ulong bits)
    {
        if (Interlocked.Or(ref notification->RemoteBits, bits) != 0)
        {
            return;
        }
        ulong head = Volatile.Read(ref owner->Shared.SignalHead);
        while (true)
        {
            notification->RequestNext = (Notification*)head;
            ulong seen = Interlocked.CompareExchange(ref owner->Shared.SignalHead, (ulong)notification, head);
            if (seen == head)
            {
                break;
            }
            head = seen;
        }
        if (head == 0)
        {
            owner->Shared.SignalCount = 1;
            Interrupt(cpu, owner);
        }
        else if (++owner->Shared.SignalCount > MostWaiting)
        {
            Behind = owner;
        }
    }

    private static void Interrupt(Cpu* cpu, Cpu* owner)
    {
        cpu->Count(CpuCounter.ClusterInterruptsSent);
        LocalApic.SendInterrupt(owner->ApicId, Vectors.Request);
    }

    /// <summary>The interrupt. If another comes before the lock is had, that one first.</summary>
    public static void Received(Cpu* cpu)
    {
        if (!ClusterLock.Acquire(cpu))
        {
            LocalApic.SendInterrupt(cpu->ApicId, Vectors.RequestAgain);
            return;
        }
        Serve(cpu);
        Capabilities.Revocation.PayHelp(cpu);
        ClusterLock.Release();
    }

    /// <summary>
    /// Does what was handed to this CPU, oldest first. Run by the CPU itself, or by the holder of the cluster lock while
    /// the CPU stands still. Under the cluster lock.
    /// </summary>
    public static void Serve(Cpu* cpu)
    {
        Thread* newestFirst = (Thread*)Interlocked.Exchange(ref cpu->Shared.RequestHead, 0ul);
        Thread* thread = null;
        while (newestFirst != null)
        {
            Thread* next = newestFirst->RequestNext;
            newestFirst->RequestNext = thread;
            thread = newestFirst;
            newestFirst = next;
        }
        while (thread != null)
        {
            Thread* next = thread->RequestNext;
            thread->RequestNext = null;
            cpu->Count(CpuCounter.RequestsServed);
            ServeThread(cpu, thread);
            thread = next;
        }
        ServeSignals(cpu);
    }

    private static void ServeThread(Cpu* cpu, Thread* thread)
    {
        thread->Flags &= ~ThreadFlags.Handed;
        if (thread->Cpu == cpu->Index)
        {
            Readiness.MakeReady(cpu, thread);
        }
        else
        {
            Sending.Arrive(cpu, thread, (Endpoint*)thread->WaitingOn);
        }
    }

    private static void ServeSignals(Cpu* cpu)
    {
        var notification = (Notification*)Interlocked.Exchange(ref cpu->Shared.SignalHead, 0ul);
        while (notification != null)
        {
            Notification* next = notification->RequestNext;
            notification->RequestNext = null;
            ulong bits = Interlocked.Exchange(ref notification->RemoteBits, 0ul);
            cpu->Count(CpuCounter.RequestsServed);
            Notifications.SignalLocal(cpu, notification, bits);
            notification = next;
        }
    }
}
