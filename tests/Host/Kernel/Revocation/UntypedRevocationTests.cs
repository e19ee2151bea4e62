using Skerry.Abi;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Interrupts;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>A revoke of memory, while others copy a capability to an object that lies in it.</summary>
public sealed unsafe class UntypedRevocationTests
{
    private readonly World _world = new(4);

    [Theory]
    [InlineData(ObjectType.Frame)]
    [InlineData(ObjectType.Endpoint)]
    [InlineData(ObjectType.Notification)]
    [InlineData(ObjectType.CapTable)]
    [InlineData(ObjectType.Thread)]
    public void ThreeWhoCopyDoNotOutrunIt(ObjectType type)
    {
        uint part = _world.NewSlot();
        Assert.Equal(Status.Ok, _world.Retype(World.Untyped, ObjectType.Untyped, part, 1, 14));
        uint source = _world.NewSlot();
        Assert.Equal(Status.Ok, _world.Retype(part, type, source, 1, type == ObjectType.CapTable ? 4u : 0));
        var slots = new uint[12];
        for (int i = 0; i < slots.Length; i++)
        {
            slots[i] = _world.NewSlot();
            Assert.Equal(Status.Ok, _world.Copy(slots[i], source));
        }
        int rounds = 0;
        bool ended = true;
        LocalApic.AsksUntilPending = 0;
        _world.Between = () =>
        {
            if (++rounds > 500)
            {
                ended = false;
                LocalApic.AsksUntilPending = -1;
                return;
            }
            uint cpu = 1;
            foreach (uint slot in slots)
            {
                uint from = System.Array.Find(slots, s => !_world.Slot(s)->IsEmpty);
                if (cpu < 4 && _world.Slot(slot)->IsEmpty && from != 0)
                {
                    _world.InvokeBetween(cpu++, World.Own, (ulong)CapTableOperation.Copy, slot, World.Pack(from, 7));
                }
            }
            LocalApic.AsksUntilPending = 0;
        };
        Assert.Equal(Status.Ok, _world.Invoke(0, World.Own, (ulong)CapTableOperation.Revoke, part));
        Assert.True(ended, $"{rounds} rounds, and it does not end");
        Assert.NotEqual(0, rounds);
    }
}
