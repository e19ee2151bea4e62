using System.Runtime.Intrinsics.X86;
using Skerry.Abi;
using Skerry.Kernel;
using Skerry.Kernel.Interrupts;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>A CPU that stands still for somebody is asked for nothing else meanwhile, or it would go on.</summary>
public sealed unsafe class HeldCpuTests
{
    private const uint Stop = 1;

    /// <summary>BindDoorbell is concerned by a revoke that takes that CPU's trace along.</summary>
    [Fact]
    public void WhoBindsADoorbellHelpsARevokeBeforeTheCPUStandsStill()
    {
        var world = new World(3);
        uint untyped = world.Make(ObjectType.Untyped, sizeBits: 16);
        uint notification = world.NewSlot();
        uint ring = world.NewSlot();
        Assert.Equal(Status.Ok, world.Retype(untyped, ObjectType.Notification, notification, cpu: 1));
        Assert.Equal(Status.Ok, world.Retype(untyped, ObjectType.Frame, ring, pages: 2));
        Assert.Equal(Status.Ok, world.Retype(untyped, ObjectType.Endpoint, world.NewSlot()));
        const uint control = World.FirstCpuControl + 1;
        Assert.Equal(Status.Ok, world.Invoke(1, control, (ulong)CpuControlOperation.StartTrace, ring));
        int asked = 0;
        X86Base.Waiting = index =>
        {
            Cpu* cpu = world.Cpu(index);
            Assert.False(cpu->TimesHeld != 0 && cpu->Shared.RendezvousRequest is not (0 or Stop));
            asked++;
        };
        LocalApic.AsksUntilPending = 0;
        world.Between = () =>
        {
            LocalApic.AsksUntilPending = -1;
            world.InvokeBetween(2, control, (ulong)CpuControlOperation.BindDoorbell, notification);
        };
        world.Invoke(0, World.Own, (ulong)CapTableOperation.Revoke, untyped);
        Assert.NotEqual(0, asked);
        Assert.Empty(Invariants.Broken(world));
    }

    /// <summary>All CPUs that know the root of a space that ends forget it, and nobody else is asked.</summary>
    [Fact]
    public void ASpaceThatEndsIsForgottenByThoseWhoKnowItsRootAtTheSameTime()
    {
        var world = new World(4);
        uint space = world.Make(ObjectType.AddressSpace);
        ulong root = Skerry.Kernel.Memory.PageTables.RootOf(
            (Skerry.Kernel.Objects.AddressSpace*)world.Slot(space)->Object
        );
        world.Cpu(1)->CurrentRoot = root;
        world.Cpu(2)->Mitigations.LastUserRoot = root;
        int together = 0;
        X86Base.Waiting = _ =>
        {
            int asked = 0;
            for (uint i = 0; i < world.CpuCount; i++)
            {
                asked += world.Cpu(i)->Shared.RendezvousRequest != 0 ? 1 : 0;
            }
            together = int.Max(together, asked);
        };
        Assert.Equal(Status.Ok, world.Delete(space));
        // Both before either was waited for, and the fourth not at all.
        Assert.Equal(2, together);
        Assert.Equal(Skerry.Kernel.Memory.PageTables.KernelRoot, world.Cpu(1)->CurrentRoot);
        Assert.Equal(0ul, world.Cpu(2)->Mitigations.LastUserRoot);
    }
}
