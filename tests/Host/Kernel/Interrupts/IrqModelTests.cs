using System;
using System.Collections.Generic;
using System.Linq;
using FsCheck;
using FsCheck.Fluent;
using Skerry.Abi;
using Skerry.Kernel.Interrupts;
using Skerry.Kernel.Layout;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>Devices and drivers do anything at any moment: no interrupt is lost, none is told that did not happen.</summary>
public sealed class IrqModelTests
{
    [Fact]
    public void EveryInterruptIsToldOnce() => Prop.ForAll(Rounds.Choices, Run).Check(Rounds.Of(100, 300));

    private static bool Run(int[] choices)
    {
        var model = new IrqModel();
        foreach (int choice in choices)
        {
            model.Step((uint)choice);
            IReadOnlyList<Skerry.Abi.CheckedRule> broken = Invariants.Broken(model.World);
            if (broken.Count != 0)
            {
                throw new InvalidOperationException($"{string.Join("; ", broken)}\n{string.Join("\n", model.Trace)}");
            }
        }
        return true;
    }

    /// <summary>A set of vectors for each CPU is all that the allocation has to agree with.</summary>
    [Fact]
    public void VectorsAreGivenOnceAndAllOfThem() =>
        Prop.ForAll(Rounds.Choices, AllocateAndFree).Check(Rounds.Of(40, 500));

    private static unsafe bool AllocateAndFree(int[] choices)
    {
        var world = new World(2);
        var used = new Dictionary<(uint Cpu, int Vector), uint>();
        world.Operate(0);
        foreach (int choice in choices)
        {
            uint cpu = (uint)choice / 8 % 2;
            if (choice % 8 == 0 && used.Count != 0)
            {
                (uint, int) victim = used.Keys.ElementAt(choice / 16 % used.Count);
                Assert.Equal(Status.Ok, world.Delete(used[victim]));
                used.Remove(victim);
                continue;
            }
            uint slot = FreeSlot(used);
            Status status = world.MakeMsi(slot, cpu);
            bool full = used.Keys.Count(key => key.Cpu == cpu) == Vectors.DeviceCount;
            Assert.Equal(full ? Status.NoVector : Status.Ok, status);
            if (!full)
            {
                int vector = world.Irq(slot)->Vector;
                Assert.InRange(vector, Vectors.FirstDevice, Vectors.LastDevice);
                Assert.Equal(cpu, world.Irq(slot)->Cpu);
                // Nothing from a lower word of the request register while a higher one has room.
                bool higherIsFull = Enumerable
                    .Range(
                        vector / 32 * 32 + 32,
                        Vectors.LastDevice + 1 - Math.Min(vector / 32 * 32 + 32, Vectors.LastDevice + 1)
                    )
                    .All(other => used.ContainsKey((cpu, other)));
                Assert.True(higherIsFull);
                Assert.True(used.TryAdd((cpu, vector), slot));
            }
        }
        int lowest = used.Count == 0 ? 7 : used.Keys.Min(key => key.Vector) / 32;
        Assert.True(IrqVectors.LowestWordInUse <= lowest);
        return true;
    }

    private static uint FreeSlot(Dictionary<(uint, int), uint> used)
    {
        uint slot = 100;
        while (used.ContainsValue(slot))
        {
            slot++;
        }
        return slot;
    }
}
