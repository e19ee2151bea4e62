using System.Collections.Generic;
using System.Linq;
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
