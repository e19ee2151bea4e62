using FsCheck;
using FsCheck.Fluent;
using Skerry.Abi;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Interrupts;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>The derivation tree against its model, and the corners that random sequences do not reach.</summary>
public sealed unsafe class DerivationTests
{
    [Fact]
    public void TheTreeIsTheModelS() => Prop.ForAll(Rounds.Choices, Run).Check(Rounds.Of(100, 300));

    private static bool Run(int[] choices)
    {
        var model = new DerivationModel();
        foreach (int choice in choices)
        {
            model.Step((uint)choice);
            model.Check();
        }
        return true;
    }

    [Fact]
    public void ARevokeThatIsInterruptedGoesOn()
    {
        var world = new World(1);
        uint endpoint = world.Make(ObjectType.Endpoint);
        for (int i = 0; i < 20; i++)
        {
            Assert.Equal(Status.Ok, world.Copy(world.NewSlot(), endpoint));
        }
        LocalApic.AsksUntilPending = 5;
        Assert.Equal(Status.Ok, world.Revoke(endpoint));
        Assert.Equal(1, world.Restarts);
        Assert.False(DerivationTree.HasChildren(world.Slot(endpoint)));
        Assert.Empty(Invariants.Broken(world));
    }

    [Fact]
    public void ATableThatHoldsItselfGoesWithItsMemory()
    {
        var world = new World(1);
        uint untyped = world.Make(ObjectType.Untyped, sizeBits: 14);
        uint table = world.NewSlot();
        Assert.Equal(Status.Ok, world.Retype(untyped, ObjectType.CapTable, table, sizeBits: 4));
        Assert.Equal(
            Status.Ok,
            world.Invoke(0, table, (ulong)CapTableOperation.Move, World.Pack(3, 0), World.Pack(untyped, 0))
        );
        Assert.Equal(
            Status.Ok,
            world.Invoke(0, table, (ulong)CapTableOperation.Copy, World.Pack(2, 0), World.Pack(table, 7))
        );
        // And the revoked capability with it.
        Assert.Equal(Status.InvalidCapability, world.Invoke(0, table, (ulong)CapTableOperation.Revoke, 3));
        Assert.True(world.Slot(table)->IsEmpty);
        Assert.Empty(Invariants.Broken(world));
    }
}
