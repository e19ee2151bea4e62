using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using System.Runtime.InteropServices;
using FsCheck;
using FsCheck.Fluent;
using Skerry.Kernel;
using Skerry.Kernel.Objects;
using Skerry.Kernel.Scheduling;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>The queue of refills against a sorted list, and how deep it is.</summary>
public sealed unsafe class RefillQueueTests
{
    private const int Contexts = 64;

    [Fact]
    public void TheEarliestIsFirstWhateverComesAndGoes() =>
        Prop.ForAll(Rounds.Choices, choices => Run(choices)).Check(Rounds.Of(200, 300));

    private static bool Run(int[] choices)
    {
        var cpu = (Cpu*)NativeMemory.AllocZeroed((nuint)Cpu.Size);
        var contexts = Allocate(Contexts);
        var waiting = new HashSet<int>();
        foreach (int choice in choices)
        {
            int index = choice % Contexts;
            SchedContext* context = contexts + index;
            if (waiting.Remove(index))
            {
                RefillQueue.Remove(cpu, context);
                Assert.Equal(0u, context->Rank);
            }
            else
            {
                context->RefillAt = (ulong)(choice / Contexts % 50);
                RefillQueue.Add(cpu, context);
                waiting.Add(index);
            }
            Assert.Equal(waiting.Count, Count(cpu->Refills, null));
            ulong earliest = waiting.Count == 0 ? 0 : waiting.Min(i => (contexts + i)->RefillAt);
            Assert.Equal(earliest, cpu->Refills == null ? 0 : cpu->Refills->RefillAt);
        }
        NativeMemory.AlignedFree(contexts);
        NativeMemory.Free(cpu);
        return true;
    }

    /// <summary>Aligned as the kernel's objects are, to their own size.</summary>
    private static SchedContext* Allocate(int count)
    {
        nuint bytes = (nuint)(count * sizeof(SchedContext));
        void* contexts = NativeMemory.AlignedAlloc(bytes, (nuint)sizeof(SchedContext));
        NativeMemory.Clear(contexts, bytes);
        return (SchedContext*)contexts;
    }

    /// <summary>Of a heap that is as it should be.</summary>
    private static int Count(SchedContext* root, SchedContext* parent)
    {
        if (root == null)
        {
            return 0;
        }
        uint left = root->Left == null ? 0 : root->Left->Rank;
        uint right = root->Right == null ? 0 : root->Right->Rank;
        Assert.True(root->Parent == parent && left >= right && root->Rank == right + 1);
        Assert.True(parent == null || root->RefillAt >= parent->RefillAt);
        return 1 + Count(root->Left, root) + Count(root->Right, root);
    }

    /// <summary>What a merge goes down, and what a removal changes upwards, is as long as the rank of the root.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(-1)]
    public void TenThousandThatWaitAreFourteenDeep(int order)
    {
        const int many = 10_000;
        var cpu = (Cpu*)NativeMemory.AllocZeroed((nuint)Cpu.Size);
        var contexts = Allocate(many);
        for (int i = 0; i < many; i++)
        {
            contexts[i].RefillAt = (ulong)(order == 0 ? i * 7919 % many : many + order * i);
            RefillQueue.Add(cpu, contexts + i);
            Assert.True(cpu->Refills->Rank <= BitOperations.Log2((uint)i + 2));
        }
        for (int i = 0; i < many; i += 2)
        {
            RefillQueue.Remove(cpu, contexts + i);
            Assert.True(cpu->Refills->Rank <= BitOperations.Log2(many));
        }
        ulong last = 0;
        while (cpu->Refills != null)
        {
            SchedContext* first = cpu->Refills;
            Assert.True(first->RefillAt >= last && first->Rank <= BitOperations.Log2(many));
            last = first->RefillAt;
            RefillQueue.Remove(cpu, first);
        }
        NativeMemory.AlignedFree(contexts);
        NativeMemory.Free(cpu);
    }
}
