using Skerry.Abi;
using Skerry.Kernel.Objects;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>
/// Many wait at an endpoint, and their sends are cancelled, while two others cancel sends of a badge there that nobody has,
/// each of which begins a sweep of its own.
/// </summary>
public sealed unsafe class CancelEndsTests() : ContendedCalls(3)
{
    private const int Senders = 60;

    private bool Cancel(Worker worker, uint slot) => Invoke(worker, slot, (ulong)EndpointOperation.CancelBadgedSends);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ACancelOfBadgedSendsEnds(bool withAttackers)
    {
        uint endpoint = _world.Make(ObjectType.Endpoint);
        uint victims = _world.NewSlot();
        uint attackers = _world.NewSlot();
        Good(_world.Mint(victims, endpoint, 1));
        Good(_world.Mint(attackers, endpoint, 2));
        var senders = new Worker[Senders];
        for (int i = 0; i < Senders; i++)
        {
            senders[i] = _world.Start(0);
            _world.Call(0, SystemCall.Send, victims);
        }
        Worker victim = _world.Start(0);
        Worker first = _world.Start(1);
        Worker second = _world.Start(2);
        Ends(
            () => Cancel(victim, victims),
            round =>
            {
                if (withAttackers)
                {
                    Cancel(first, attackers);
                }
                // It begins a call later than the other; from then on each makes one call in each round.
                if (withAttackers && round > 0)
                {
                    Cancel(second, attackers);
                }
            }
        );
        Assert.All(senders, sender => Assert.NotEqual(ThreadState.Sending, sender.State));
    }
}
