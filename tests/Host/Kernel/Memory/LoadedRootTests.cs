using Skerry.Abi;
using Skerry.Kernel;
using Skerry.Kernel.Machine;
using Skerry.Kernel.Memory;
using Skerry.Kernel.Objects;
using Skerry.Kernel.Scheduling;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>The words that are loaded into CR3. The doors compose them in the same way from the same bits.</summary>
public sealed unsafe class LoadedRootTests
{
    private const ulong NoFlush = 1ul << 63;
    private const ulong Root = 0x123_4000;

    /// <summary>What a door loads, and leaves for the next time (kernel/Entry/RootCode).</summary>
    private static ulong ByDoor(Cpu* cpu, ref ulong bits)
    {
        ulong loaded = cpu->CurrentRoot | bits;
        ((byte*)System.Runtime.CompilerServices.Unsafe.AsPointer(ref bits))[7] = cpu->Mitigations.NoFlush;
        return loaded;
    }

    [Fact]
    public void WithoutMitigationsItIsTheRoot()
    {
        Cpu* cpu = new World(1).Cpu(0);
        cpu->CurrentRoot = Root;
        LoadedRoot.Load(cpu);
        Assert.Equal((Root, 0ul), (Hardware.LoadedRoot, cpu->Mitigations.UserRootBits));
    }

    [Fact]
    public void WithoutContextsEveryLoadFlushes()
    {
        Cpu* cpu = Mitigated(hasContexts: false);
        for (int i = 0; i < 2; i++)
        {
            Assert.Equal(PageTables.KernelRoot, cpu->Mitigations.KernelRoot);
            Assert.Equal(Root + UserLayout.PageSize, ByDoor(cpu, ref cpu->Mitigations.UserRootBits));
        }
        LoadedRoot.Load(cpu);
        Assert.Equal(PageTables.KernelRoot, Hardware.LoadedRoot);
    }

    [Fact]
    public void WithContextsOnlyTheFirstLoadFlushes()
    {
        Cpu* cpu = Mitigated(hasContexts: true);
        Assert.Equal((Root + UserLayout.PageSize) | 2, ByDoor(cpu, ref cpu->Mitigations.UserRootBits));
        for (int i = 0; i < 2; i++)
        {
            Assert.Equal(PageTables.KernelRoot | 1 | NoFlush, cpu->Mitigations.KernelRoot);
            Assert.Equal((Root + UserLayout.PageSize) | 2 | NoFlush, ByDoor(cpu, ref cpu->Mitigations.UserRootBits));
        }
    }

    [Fact]
    public void AFlushIsOfBothContexts()
    {
        Cpu* cpu = Mitigated(hasContexts: true);
        ByDoor(cpu, ref cpu->Mitigations.UserRootBits);
        LoadedRoot.Load(cpu);
        Assert.Equal(PageTables.KernelRoot | 1, Hardware.LoadedRoot);
        Assert.Equal((Root + UserLayout.PageSize) | 2, ByDoor(cpu, ref cpu->Mitigations.UserRootBits));
    }

    [Fact]
    public void AnotherAddressSpaceIsLoadedWithAFlush()
    {
        Cpu* cpu = Mitigated(hasContexts: true);
        ByDoor(cpu, ref cpu->Mitigations.UserRootBits);
        Scheduler.LoadSpace(cpu, 0x567_8000);
        Assert.Equal(PageTables.KernelRoot | 1, Hardware.LoadedRoot);
        Assert.Equal(0x567_9002ul, ByDoor(cpu, ref cpu->Mitigations.UserRootBits));
    }

    /// <summary>The next address space with the same root is another PD.</summary>
    [Fact]
    public void ADestroyedAddressSpaceIsNotRemembered()
    {
        var world = new World(2);
        uint space = world.Make(ObjectType.AddressSpace);
        uint other = world.Make(ObjectType.AddressSpace);
        ulong root = PageTables.RootOf((AddressSpace*)world.Slot(space)->Object);
        ulong otherRoot = PageTables.RootOf((AddressSpace*)world.Slot(other)->Object);
        world.Cpu(0)->Mitigations.LastUserRoot = otherRoot;
        world.Cpu(1)->Mitigations.LastUserRoot = root;
        Assert.Equal(Status.Ok, world.Delete(space));
        Assert.Equal(otherRoot, world.Cpu(0)->Mitigations.LastUserRoot);
        Assert.Equal(0ul, world.Cpu(1)->Mitigations.LastUserRoot);
    }

    private static Cpu* Mitigated(bool hasContexts)
    {
        Cpu* cpu = new World(1).Cpu(0);
        cpu->CurrentRoot = Root;
        LoadedRoot.Initialise(ref cpu->Mitigations, hasContexts);
        return cpu;
    }
}
