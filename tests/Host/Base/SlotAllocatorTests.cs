using System.Collections.Generic;
using System.Linq;
using System.Threading;
using FsCheck;
using FsCheck.Fluent;
using Skerry.Base.Kernel;
using Xunit;

namespace Skerry.Tests.Host.Base;

public class SlotAllocatorTests
{
    private const uint First = 5;
    private const uint Limit = 300;

    [Fact]
    public void SlotsAreHandedOutOnceAndComeBack()
    {
        // Each number below 16 allocates a run of that length, each other one frees a slot that is taken.
        Prop.ForAll<int[]>(operations =>
            {
                var allocator = new SlotAllocator();
                allocator.Initialise(First, Limit);
                var taken = new SortedSet<uint>();
                foreach (int operation in operations.Select(System.Math.Abs))
                {
                    if (operation % 2 == 0 || taken.Count == 0)
                    {
                        TakeRun(ref allocator, taken, 1 + operation % SlotAllocator.MaximumRun);
                    }
                    else
                    {
                        uint slot = taken.ElementAt(operation % taken.Count);
                        Assert.True(allocator.Free(new CapabilitySlot(slot)));
                        taken.Remove(slot);
                    }
                    Assert.Equal((int)(Limit - First) - taken.Count, allocator.FreeCount);
                }
            })
            .QuickCheckThrowOnFailure();
    }

    [Fact]
    public void FreeingWhatIsFreeOrForeignIsRefused()
    {
        var allocator = new SlotAllocator();
        allocator.Initialise(First, Limit);
        Assert.False(allocator.Free(new CapabilitySlot(First)));
        Assert.False(allocator.Free(new CapabilitySlot(Limit)));
        Assert.False(allocator.Free(CapabilitySlot.Null));
    }

    [Fact]
    public void AllSlotsCanBeTakenAndNoMore()
    {
        var allocator = new SlotAllocator();
        allocator.Initialise(First, Limit);
        for (uint i = First; i < Limit; i++)
        {
            Assert.True(allocator.TryAllocate(1, out CapabilitySlot slot));
            Assert.Equal(i, slot.Value);
        }
        Assert.False(allocator.TryAllocate(1, out _));
        allocator.Free(new CapabilitySlot(77));
        Assert.True(allocator.TryAllocate(1, out CapabilitySlot again));
        Assert.Equal(77u, again.Value);
    }

    /// <summary>Threads take and give back runs of other lengths, all at once; each slot is one thread's.</summary>
    [Fact]
    public void ThreadsThatTakeAtOnceGetOtherSlots()
    {
        const int threads = 4;
        const int rounds = 1_000_000;
        var allocator = new SlotAllocator();
        allocator.Initialise(First, Limit);
        int[] owners = new int[Limit];
        int wrong = 0;
        using var start = new Barrier(threads);
        void Work(int number)
        {
            start.SignalAndWait();
            for (int round = 0; round < rounds; round++)
            {
                int count = 1 + (round + number) % 5;
                if (!allocator.TryAllocate(count, out CapabilitySlot first))
                {
                    Interlocked.Increment(ref wrong);
                    continue;
                }
                for (uint i = 0; i < count; i++)
                {
                    int before = Interlocked.Exchange(ref owners[first.Next(i).Value], number);
                    wrong += before == 0 ? 0 : 1;
                }
                for (uint i = 0; i < count; i++)
                {
                    int owner = Interlocked.Exchange(ref owners[first.Next(i).Value], 0);
                    wrong += owner == number && allocator.Free(first.Next(i)) ? 0 : 1;
                }
            }
        }

        var workers = new Thread[threads];
        for (int i = 0; i < threads; i++)
        {
            int number = i + 1;
            workers[i] = new Thread(() => Work(number));
            workers[i].Start();
        }
        foreach (Thread worker in workers)
        {
            worker.Join();
        }
        Assert.Equal(0, wrong);
        Assert.Equal((int)(Limit - First), allocator.FreeCount);
    }

    private static void TakeRun(ref SlotAllocator allocator, SortedSet<uint> taken, int count)
    {
        if (!allocator.TryAllocate(count, out CapabilitySlot first))
        {
            return;
        }
        for (uint slot = first.Value; slot < first.Value + count; slot++)
        {
            Assert.InRange(slot, First, Limit - 1);
            Assert.True(taken.Add(slot), "a slot was handed out twice");
        }
    }
}
