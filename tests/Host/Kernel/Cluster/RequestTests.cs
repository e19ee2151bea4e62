using Skerry.Abi;
using Skerry.Kernel.Objects;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>
/// A CPU does not serve what it is handed, as it stands with interrupts off: those who hand it more wait, so that its lists
/// stay short.
/// </summary>
public sealed unsafe class RequestTests
{
    // As many as may wait, one that is noticed, and what one call adds (SenderSweep).
    private const uint Most = 16 + 1 + 32;

    private readonly World _world = new(3);

    private uint Waiting(uint cpu) => World.Waiting(_world.Cpu(cpu));

    /// <summary>Threads of CPU 1 that call an endpoint of CPU 0, until one can't begin its call.</summary>
    private uint Fill()
    {
        uint endpoint = _world.Make(ObjectType.Endpoint);
        for (int i = 0; i < 40; i++)
        {
            _world.Start(1);
        }
        Thread* caller;
        do
        {
            // Making threads has CPU 0 serve what it was handed; this does not.
            caller = _world.Cpu(1)->Current;
            caller->Rip = 0x1002;
            _world.Call(1, SystemCall.Call, endpoint);
        } while (caller->State == ThreadState.Sending && _world.Cpu(1)->Current != null);
        return endpoint;
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ACallIsMadeAgainUntilTheOtherCPUHasServed(bool fast)
    {
        _world.UseFastpath = fast;
        uint endpoint = Fill();
        Assert.Equal(17u, Waiting(0));
        Thread* last = _world.Cpu(1)->Current;
        Assert.Equal(0x1000ul, last->Rip);
        Assert.Equal((ulong)SystemCall.Call, last->Rax);
        Assert.Empty(Invariants.Broken(_world));
        _world.Serve(0);
        Assert.Equal(0u, Waiting(0));
        _world.Call(1, SystemCall.Call, endpoint);
        Assert.Equal(ThreadState.Sending, last->State);
        Assert.Equal(1u, Waiting(0));
    }

    [Fact]
    public void AllOthersWaitAndTheCPUItselfDoesNot()
    {
        Worker other = _world.Start(2);
        Worker own = _world.Start(0);
        uint endpoint = Fill();
        other.Thread->Rip = 0x1002;
        _world.Call(2, SystemCall.Call, endpoint);
        Assert.Equal(0x1000ul, other.Thread->Rip);
        Assert.True(_world.Cpu(2)->Current == other.Thread);
        Assert.Equal(17u, Waiting(0));
        own.Thread->Rip = 0x1002;
        _world.Call(0, SystemCall.Poll, World.Own);
        Assert.Equal(0x1002ul, own.Thread->Rip);
    }

    [Fact]
    public void SignalsCountToo()
    {
        Worker signaller = _world.Start(1);
        uint first = _world.Make(ObjectType.Notification);
        for (int i = 1; i < 40; i++)
        {
            _world.Make(ObjectType.Notification);
        }
        uint signals = 0;
        do
        {
            signaller.Thread->Rip = 0x1002;
            _world.Call(1, SystemCall.Signal, first + signals);
        } while (signaller.Thread->Rip == 0x1002 && ++signals < 40);
        Assert.Equal(17u, signals);
        _world.Serve(0);
        Assert.Equal(0u, Waiting(0));
        Assert.Empty(Invariants.Broken(_world));
    }

    /// <summary>One call wakes all who wait at the endpoint, threads of another CPU.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ACallThatWakesManyGivesWay(bool sweeps)
    {
        uint endpoint = _world.Make(ObjectType.Endpoint);
        uint badged = _world.NewSlot();
        Assert.Equal(Status.Ok, _world.Mint(badged, endpoint, 7));
        for (int i = 0; i < 100; i++)
        {
            _world.Start(1);
            _world.Call(1, SystemCall.Call, badged);
            _world.Serve(0);
        }
        uint most = 0;
        _world.Between = () =>
        {
            most = uint.Max(most, _world.MostServed);
            Assert.Empty(Invariants.Broken(_world));
        };
        Status status = sweeps
            ? _world.Invoke(0, badged, (ulong)EndpointOperation.CancelBadgedSends)
            : DeleteAll(endpoint, badged);
        Assert.Equal(Status.Ok, status);
        Assert.InRange(_world.Restarts, 2, 100);
        Assert.InRange(most, 17u, Most);
    }

    private Status DeleteAll(uint endpoint, uint badged)
    {
        Assert.Equal(Status.Ok, _world.Delete(badged));
        return _world.Delete(endpoint);
    }
}
