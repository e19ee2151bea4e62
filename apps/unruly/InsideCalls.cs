using System.Threading;
using Skerry.Base.Kernel;
using Skerry.Base.Sessions;
using Skerry.Base.Startup;

namespace Skerry.Apps.Unruly;

/// <summary>
/// Threads on all CPUs call the server and fault without a break. Then the component ends, or ends them, wherever they
/// are: some of them inside the server, which works on their time.
/// </summary>
internal static unsafe class InsideCalls
{
    private const int CallsBeforeTheEnd = 100;
    private const int ThreadsPerCpu = 1;
    private const int Rounds = 12;
    private const int SlotRounds = 40;

    /// <summary>
    /// Steps between two calls. The server's part of a call runs on the CPU of its session, and others' threads there must
    /// have their turn, though it is called from all CPUs.
    /// </summary>
    private const int OwnWork = 400_000;
    private const ulong NoThread = 2;

    private static int calls;

    /// <summary>Its value is its end.</summary>
    public static ulong Exit(in Environment environment) => Busy(in environment) ? ExitValue.Success : NoThread;

    public static ulong Crash(in Environment environment)
    {
        if (Busy(in environment))
        {
            Volatile.Write(ref *(ulong*)8, 1ul);
        }
        return NoThread;
    }

    /// <summary>One thread on each CPU after the other, while the others go on.</summary>
    public static ulong Destroy(in Environment environment)
    {
        if (!Busy(in environment))
        {
            return NoThread;
        }
        for (uint i = 0; i < Rounds; i++)
        {
            if (!TryStart<Caller>(in environment, i % environment.AffinitySpace.Width, out UserThread thread))
            {
                return NoThread;
            }
            Await(Volatile.Read(ref calls) + 3);
            thread.Destroy(in environment);
        }
        return ExitValue.Success;
    }

    /// <summary>
    /// One thread after the other that takes slots for capabilities and gives them back without a break, wherever it is. All
    /// calls that bring a capability take some, those that destroy it among them.
    /// </summary>
    public static ulong DestroyInsideSlots(in Environment environment)
    {
        uint cpu = environment.AffinitySpace.Width - 1;
        for (int i = 0; i < SlotRounds; i++)
        {
            int before = Volatile.Read(ref calls);
            if (!TryStart<SlotTaker>(in environment, cpu, out UserThread thread))
            {
                return NoThread;
            }
            Await(before + CallsBeforeTheEnd);
            thread.Destroy(in environment);
        }
        return ExitValue.Success;
    }

    private static bool Busy(in Environment environment)
    {
        uint width = environment.AffinitySpace.Width;
        for (uint i = 0; i < ThreadsPerCpu * width; i++)
        {
            if (!TryStart<Caller>(in environment, i % width, out _))
            {
                return false;
            }
        }
        Await(CallsBeforeTheEnd);
        return true;
    }

    private static void Await(int count)
    {
        while (Volatile.Read(ref calls) < count)
        {
            Processor.Yield();
        }
    }

    private static bool TryStart<TBody>(in Environment environment, uint cpu, out UserThread thread)
        where TBody : struct, IThreadBody =>
        UserThread.Create<TBody>(in environment, "caller"u8, Affinity.Cpu(cpu), 0, out thread) == ThreadResult.Ok
        && thread.Start() == ThreadResult.Ok;

    private struct Caller : IThreadBody
    {
        public static void Run(ulong argument)
        {
            Environment environment = Environment.Current;
            while (true)
            {
                Interlocked.Increment(ref calls);
                if (environment.Ram.AllocateAttached(4096, out AttachedMemory memory) == AllocationResult.Ok)
                {
                    Volatile.Write(ref *(ulong*)memory.Address, 1ul);
                    environment.Ram.Free(memory.Dataspace);
                }
                for (int i = 0; i < OwnWork; i++)
                {
                    Volatile.Read(ref calls);
                }
            }
        }
    }

    private struct SlotTaker : IThreadBody
    {
        public static void Run(ulong argument)
        {
            while (true)
            {
                CapabilitySlots.TryAllocate(out CapabilitySlot slot);
                CapabilitySlots.Free(slot);
                Interlocked.Increment(ref calls);
            }
        }
    }
}
