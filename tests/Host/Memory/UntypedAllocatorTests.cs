using System;
using System.Collections.Generic;
using Skerry.Base.Memory;
using Xunit;

namespace Skerry.Tests.Host.Memory;

public sealed unsafe class UntypedAllocatorTests
{
    [Fact]
    public void BlocksNeverOverlapAndAllComesBack()
    {
        for (int seed = 0; seed < 50; seed++)
        {
            using var workshop = new Workshop();
            uint slots = workshop.FreeSlots;
            var random = new Random(seed);
            var live = new List<nint>();
            for (int step = 0; step < 300; step++)
            {
                if (live.Count == 0 || random.Next(3) != 0)
                {
                    UntypedBlock* block = workshop.Untyped.TryAllocate(random.Next(12, 17));
                    if (block != null)
                    {
                        AssertApart(live, block);
                        live.Add((nint)block);
                    }
                }
                else
                {
                    int index = random.Next(live.Count);
                    workshop.Untyped.Free((UntypedBlock*)live[index]);
                    live.RemoveAt(index);
                }
            }
            foreach (nint block in live)
            {
                workshop.Untyped.Free((UntypedBlock*)block);
            }
            Assert.Equal(workshop.Untyped.TotalBytes, workshop.Untyped.FreeBytes);
            Assert.Equal(slots, workshop.FreeSlots);
            Assert.Equal(1, workshop.Kernel.Capabilities);
        }
    }

    [Fact]
    public void ABlockInARangeLiesThere()
    {
        using var workshop = new Workshop();
        ulong start = Workshop.RootBase + 0x5000;
        UntypedBlock* block = workshop.Untyped.TryAllocateWithin(start, start + 0x3000, 13);
        Assert.True(block != null);
        Assert.Equal(Workshop.RootBase + 0x6000, block->PhysicalBase);
        Assert.True(workshop.Untyped.TryAllocateWithin(start, start + 0x3000, 13) == null);
        Assert.True(workshop.Untyped.TryAllocateWithin(0, 0x8000, 12) == null);
    }

    [Fact]
    public void MoreThanThereIsIsRefused()
    {
        using var workshop = new Workshop();
        Assert.True(workshop.Untyped.TryAllocate(Workshop.RootBits + 1) == null);
        UntypedBlock* all = workshop.Untyped.TryAllocate(Workshop.RootBits);
        Assert.True(all != null && workshop.Untyped.TryAllocate(12) == null);
    }

    private static void AssertApart(List<nint> live, UntypedBlock* block)
    {
        foreach (nint pointer in live)
        {
            var other = (UntypedBlock*)pointer;
            bool apart =
                block->PhysicalBase + block->Bytes <= other->PhysicalBase
                || other->PhysicalBase + other->Bytes <= block->PhysicalBase;
            Assert.True(apart);
        }
    }
}
