using System;
using System.Numerics;
using System.Threading;
using Skerry.Abi;
using Skerry.Base.Kernel;
using Skerry.Base.Sessions;
using Skerry.Base.Startup;
using Skerry.Base.Text;
using Environment = Skerry.Base.Startup.Environment;

namespace Skerry.Apps.Unruly;

/// <summary>One that measures itself, and those beside it that never end.</summary>
internal static unsafe class Neighbours
{
    private const ulong Refused = 2;
    private const uint Rounds = 50;

    /// <summary>Ticks; its neighbour has begun by then.</summary>
    private const ulong BeforeTheRounds = 150_000_000;

    /// <summary>Writes lines as fast as it can.</summary>
    public static ulong Flood(in Environment environment)
    {
        while (environment.Log.WriteLine("line after line after line after line after line"u8) == LogResult.Ok) { }
        return Refused;
    }

    /// <summary>Takes memory, sessions and region maps, gives nothing back, and goes on when nothing is given any more.</summary>
    public static ulong Exhaust(in Environment environment)
    {
        while (true)
        {
            environment.Ram.AllocateAttached(UserLayout.PageSize, out _);
            environment.OpenSession("LOG"u8, "taken"u8, Quota.None, out CapabilitySlot _);
            environment.Rm.Create(UserLayout.PageSize, out _);
        }
    }

    /// <summary>Asks nobody for anything: what a neighbour takes by running at all.</summary>
    public static ulong Spin()
    {
        uint turns = 0;
        while (true)
        {
            Volatile.Write(ref turns, turns + 1);
        }
    }

    /// <summary>Takes half of its memory at once and gives it back: each time the server zeroes all of it.</summary>
    public static ulong Hoard(in Environment environment)
    {
        while (environment.Ram.Allocate(Half(in environment), out DataspaceCapability memory) == AllocationResult.Ok)
        {
            environment.Ram.Free(memory);
        }
        return Refused;
    }

    /// <summary>Has half of its memory mapped, and begins anew.</summary>
    public static ulong MapAll(in Environment environment)
    {
        ulong bytes = Half(in environment);
        while (environment.Ram.AllocateAttached(bytes, out AttachedMemory memory) == AllocationResult.Ok)
        {
            ulong done = 0;
            while (done < bytes)
            {
                PdResult result = environment.Pd.Map(memory.Address + done, bytes - done, out ulong mapped);
                if (result != PdResult.Ok)
                {
                    return Refused;
                }
                done += mapped;
            }
            environment.Ram.Free(memory.Dataspace);
        }
        return Refused;
    }

    /// <summary>The largest power of two of bytes that the account covers with something to spare.</summary>
    private static ulong Half(in Environment environment)
    {
        environment.Pd.Quota(out QuotaState state);
        return BitOperations.RoundUpToPowerOf2(state.Limit.RamBytes) / 2;
    }

    /// <summary>Faults at each page of a piece of memory, gives it back, and begins anew.</summary>
    public static ulong Storm(in Environment environment)
    {
        const uint pages = 64;
        while (
            environment.Ram.AllocateAttached(pages * UserLayout.PageSize, out AttachedMemory memory)
            == AllocationResult.Ok
        )
        {
            for (uint i = 0; i < pages; i++)
            {
                Volatile.Write(ref *(ulong*)(memory.Address + i * UserLayout.PageSize), 1ul);
            }
            environment.Ram.Free(memory.Dataspace);
        }
        return Refused;
    }

    /// <summary>Allocates a page and gives it back, and tells how many allocations took twice as long as the shortest.</summary>
    public static ulong CountWaits(in Environment environment)
    {
        const int rounds = 400;
        Span<ulong> ticks = stackalloc ulong[rounds];
        ulong shortest = ulong.MaxValue;
        AwaitNeighbour();
        for (int i = 0; i < rounds; i++)
        {
            ulong start = SystemCalls.ReadTimeStampCounter();
            AllocationResult result = environment.Ram.Allocate(UserLayout.PageSize, out DataspaceCapability memory);
            ticks[i] = SystemCalls.ReadTimeStampCounter() - start;
            shortest = ticks[i] < shortest ? ticks[i] : shortest;
            if (result != AllocationResult.Ok || environment.Ram.Free(memory) != DataspaceResult.Ok)
            {
                return Refused;
            }
        }
        uint waited = 0;
        foreach (ulong each in ticks)
        {
            waited += each > 2 * shortest ? 1u : 0;
        }
        Span<byte> buffer = stackalloc byte[80];
        var text = new TextBuilder(buffer);
        text.Append("@test waits pass "u8).AppendDecimal(waited).Append(" of "u8).AppendDecimal(rounds);
        environment.Log.Write(text.Append(" allocations"u8).AppendLine());
        return ExitValue.Success;
    }

    /// <returns>When it has begun; time-stamp counter.</returns>
    private static ulong AwaitNeighbour()
    {
        ulong start = SystemCalls.ReadTimeStampCounter() + BeforeTheRounds;
        while (SystemCalls.ReadTimeStampCounter() < start) { }
        return start;
    }

    /// <summary>Allocates a page, touches it and gives it back, and tells how long all rounds took.</summary>
    public static ulong Measure(in Environment environment)
    {
        ulong start = AwaitNeighbour();
        for (uint i = 0; i < Rounds; i++)
        {
            if (environment.Ram.AllocateAttached(UserLayout.PageSize, out AttachedMemory memory) != AllocationResult.Ok)
            {
                return Refused;
            }
            Volatile.Write(ref *(ulong*)memory.Address, 1ul);
            environment.Ram.Free(memory.Dataspace);
        }
        ulong ticks = SystemCalls.ReadTimeStampCounter() - start;
        Span<byte> buffer = stackalloc byte[80];
        var text = new TextBuilder(buffer);
        text.Append("@test rounds pass "u8).AppendDecimal(ticks).Append(" ticks for "u8).AppendDecimal(Rounds);
        environment.Log.Write(text.AppendLine());
        return ExitValue.Success;
    }
}
