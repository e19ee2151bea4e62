using Skerry.Abi;
using Skerry.Kernel.Capabilities;
using Skerry.Kernel.Objects;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>
/// A parent retypes from its memory, while whoever has the first part of that, which has the same address, fills and revokes
/// it again and again: that does not concern the larger one, and a call that it does concern helps one revoke at most.
/// </summary>
public sealed class RetypeEndsTests() : ContendedCalls(3)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ARetypeEnds(bool withAttackers)
    {
        uint parents = _world.Make(ObjectType.Untyped, sizeBits: 16);
        uint childs = _world.NewSlot();
        Good(_world.Retype(parents, ObjectType.Untyped, childs, 1, sizeBits: 12));
        uint objects = _world.NewSlot(8);
        uint made = _world.NewSlot();
        Worker maker = _world.Start(1);
        Worker[] revokers = [_world.Start(2), _world.Start(2)];
        int turn = 0;
        Worker parent = _world.Start(0);
        Ends(
            () => Retype(parent, parents, ObjectType.Endpoint, World.Pack(0, made)),
            _ =>
            {
                if (withAttackers && !Revocation.IsUnderWay)
                {
                    Retype(maker, childs, ObjectType.Endpoint, World.Pack(0, objects), 8);
                    turn = 1 - turn;
                    Revoke(revokers[turn], childs);
                }
            }
        );
        Good(parent.Status);
    }
}
