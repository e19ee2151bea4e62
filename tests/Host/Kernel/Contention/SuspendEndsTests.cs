using Skerry.Abi;
using Skerry.Kernel.Capabilities;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>
/// A parent suspends a thread. Whoever has a copy of its capability revokes copies of that, and one such revoke follows the
/// other: they do not concern the parent, whose call makes no capability, and a call that they do concern helps one at most.
/// </summary>
public sealed class SuspendEndsTests() : ContendedCalls(3)
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ASuspendEnds(bool withAttackers)
    {
        Worker component = _world.MakeThread(1, 5);
        uint copy = _world.NewSlot();
        Good(_world.Copy(copy, component.Slot));
        _world.Resume(component);
        var courier = new Courier(_world, 1);
        uint arrive = _world.NewSlot(Courier.Load);
        Worker[] revokers = [_world.Start(2), _world.Start(2)];
        int turn = 0;
        Worker parent = _world.Start(0);
        void Attack()
        {
            if (!Revocation.IsUnderWay)
            {
                Assert.True(courier.Waits);
                courier.Bring(copy, arrive);
                turn = 1 - turn;
                Revoke(revokers[turn], copy);
            }
            else if (!courier.Waits)
            {
                courier.Return();
            }
        }
        Ends(
            () => Invoke(parent, component.Slot, (ulong)ThreadOperation.Suspend),
            _ =>
            {
                if (withAttackers)
                {
                    Attack();
                }
            }
        );
        Assert.Equal(ThreadState.Inactive, component.State);
    }
}
