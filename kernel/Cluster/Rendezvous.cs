using System.Runtime.Intrinsics.X86;
using System.Threading;
using Skerry.Abi;
using Skerry.Kernel.Interrupts;
using Skerry.Kernel.Layout;
using Skerry.Kernel.Memory;

namespace Skerry.Kernel.Cluster;

/// <summary>
/// Stops another CPU of the cluster for a moment, outside of everything it does in the kernel. While it stands, the
/// holder of the cluster lock may change what belongs to it. Only the holder of the lock asks: many CPUs at once to
/// flush or to forget a root, one after another to stand still.
/// </summary>
internal static unsafe class Rendezvous
{
    private const uint None = 0;
    private const uint Stop = 1;
    private const uint FlushAndGo = 2;
    private const uint ChangeTraceAndGo = 3;
    private const uint ForgetRootAndGo = 4;

    /// <summary>The root of an address space that ends. Under the cluster lock.</summary>
    private static ulong endingRoot;

    /// <summary>
    /// Makes the CPU stand still until <see cref="Release"/>; the own CPU does anyway. Its requests are served. Who holds a
    /// CPU may hold it again, since what is done meanwhile can be the end of an object that asks for the same.
    /// </summary>
    public static void Hold(Cpu* cpu, Cpu* other)
    {
        ClusterLock.MustBeHeld();
        if (cpu != other && other->TimesHeld++ == 0)
        {
            Ask(cpu, other, Stop);
            while (Volatile.Read(ref other->Shared.RendezvousReached) == 0)
            {
                X86Base.Pause();
            }
        }
        // What other CPUs have handed it is part of its state: it may name what is about to be destroyed or stopped.
        Requests.Serve(other);
    }

    public static void Release(Cpu* cpu, Cpu* other)
    {
        if (cpu != other && --other->TimesHeld == 0)
        {
            Volatile.Write(ref other->Shared.RendezvousRequest, None);
            while (Volatile.Read(ref other->Shared.RendezvousReached) != 0)
            {
                X86Base.Pause();
            }
        }
    }

    /// <summary>
    /// Has another CPU flush its TLB, which <see cref="AwaitFlushes"/> waits for: so that many do it at the same time.
    /// </summary>
    public static void AskFlush(Cpu* cpu, Cpu* other)
    {
        cpu->Count(CpuCounter.FlushesAsked);
        // One that stands still flushes when it goes on.
        if (other->TimesHeld == 0)
        {
            Ask(cpu, other, FlushAndGo);
        }
    }

    /// <summary>The same of one alone; comes back when it has.</summary>
    public static void Flush(Cpu* cpu, Cpu* other)
    {
        AskFlush(cpu, other);
        Await(other, FlushAndGo);
    }

    /// <summary>Comes back when all who were asked have flushed.</summary>
    public static void AwaitFlushes()
    {
        for (uint i = 0; i < ClusterCpus.Count; i++)
        {
            Await(ClusterCpus.At(i), FlushAndGo);
        }
    }

    /// <summary>Has another CPU start or end its trace; comes back when it has. Not while it stands still.</summary>
    public static void ChangeTrace(Cpu* cpu, Cpu* other)
    {
        Ask(cpu, other, ChangeTraceAndGo);
        Await(other, ChangeTraceAndGo);
    }

    /// <summary>
    /// An address space ends that no thread has any more. CPUs that ran one of its threads may still have its root loaded, or
    /// know it as the last that user mode had; when this comes back none does, and as none runs it anew, none will. All at the
    /// same time, so that it does not take longer on more CPUs.
    /// </summary>
    public static void ForgetRoot(Cpu* cpu, ulong root)
    {
        endingRoot = root;
        for (uint i = 0; i < ClusterCpus.Count; i++)
        {
            Cpu* other = ClusterCpus.At(i);
            if (!Knows(other, root))
            {
                continue;
            }
            if (other == cpu || other->TimesHeld != 0)
            {
                // One that stands still loads its root when it goes on.
                DropRoot(other);
            }
            else
            {
                Ask(cpu, other, ForgetRootAndGo);
            }
        }
        for (uint i = 0; i < ClusterCpus.Count; i++)
        {
            Await(ClusterCpus.At(i), ForgetRootAndGo);
        }
    }

    /// <summary>In this order: a root that was loaded becomes the last that user mode had before another is loaded.</summary>
    private static bool Knows(Cpu* other, ulong root) =>
        Volatile.Read(ref other->CurrentRoot) == root || Volatile.Read(ref other->Mitigations.LastUserRoot) == root;

    /// <summary>By the CPU itself, or while it stands still.</summary>
    public static void DropRoot(Cpu* cpu)
    {
        if (cpu->CurrentRoot == endingRoot)
        {
            cpu->CurrentRoot = Memory.PageTables.KernelRoot;
        }
        if (cpu->Mitigations.LastUserRoot == endingRoot)
        {
            // Another address space may have the same root later.
            cpu->Mitigations.LastUserRoot = 0;
        }
    }

    private static void Await(Cpu* other, uint request)
    {
        while (Volatile.Read(ref other->Shared.RendezvousRequest) == request)
        {
            X86Base.Pause();
        }
    }

    /// <summary>
    /// Comes back when every other CPU has left what it was doing in the kernel, so that none holds a pointer that it
    /// read without the lock.
    /// </summary>
    public static void PassAll(Cpu* cpu)
    {
        for (uint i = 0; i < ClusterCpus.Count; i++)
        {
            Cpu* other = ClusterCpus.At(i);
            if (other != cpu)
            {
                AskFlush(cpu, other);
            }
        }
        AwaitFlushes();
    }

    /// <summary>
    /// The same of those that run an address space: what its thread's faults read without the lock. Who begins to run it
    /// later sees what the caller has changed.
    /// </summary>
    public static void PassThose(Cpu* cpu, ulong root)
    {
        Interlocked.MemoryBarrier();
        for (uint i = 0; i < ClusterCpus.Count; i++)
        {
            Cpu* other = ClusterCpus.At(i);
            if (other != cpu && Volatile.Read(ref other->CurrentRoot) == root)
            {
                AskFlush(cpu, other);
            }
        }
        AwaitFlushes();
    }

    private static void Ask(Cpu* cpu, Cpu* other, uint request)
    {
        Volatile.Write(ref other->Shared.RendezvousRequest, request);
        Interlocked.MemoryBarrier();
        cpu->Count(CpuCounter.ClusterInterruptsSent);
        LocalApic.SendInterrupt(other->ApicId, Vectors.Rendezvous);
    }

    /// <summary>Does what is asked of this CPU, if anything: from the interrupt, or while it waits for the lock.</summary>
    public static void TakePart(Cpu* cpu)
    {
        uint request = Volatile.Read(ref cpu->Shared.RendezvousRequest);
        if (request == FlushAndGo)
        {
            cpu->Count(CpuCounter.FlushesDone);
            LoadedRoot.Load(cpu);
            Volatile.Write(ref cpu->Shared.RendezvousRequest, None);
        }
        else if (request == ChangeTraceAndGo)
        {
            Tracing.TraceControl.Change(cpu);
            Volatile.Write(ref cpu->Shared.RendezvousRequest, None);
        }
        else if (request == ForgetRootAndGo)
        {
            DropRoot(cpu);
            LoadedRoot.Load(cpu);
            Volatile.Write(ref cpu->Shared.RendezvousRequest, None);
        }
        else if (request == Stop)
        {
            Volatile.Write(ref cpu->Shared.RendezvousReached, 1u);
            while (Volatile.Read(ref cpu->Shared.RendezvousRequest) == Stop)
            {
                X86Base.Pause();
            }
            LoadedRoot.Load(cpu);
            Volatile.Write(ref cpu->Shared.RendezvousReached, 0u);
        }
    }
}
