using Skerry.Abi;
using Skerry.Kernel.Objects;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>Who deletes an endpoint of a CPU that it holds hands a third CPU no more than one of its own.</summary>
public sealed unsafe class HandedByHeldTests
{
    private const uint Most = 16 + 1 + 32;

    [Theory]
    [InlineData(0, false)]
    [InlineData(2, false)]
    [InlineData(0, true)]
    [InlineData(2, true)]
    public void ManyCallersOfCPU1AtAnEndpointOfCPU0(uint by, bool sweeps)
    {
        var world = new World(3);
        uint endpoint = world.Make(ObjectType.Endpoint);
        uint badged = world.NewSlot();
        Assert.Equal(Status.Ok, world.Mint(badged, endpoint, 7));
        for (int i = 0; i < 100; i++)
        {
            world.Start(1);
            world.Call(1, SystemCall.Call, badged);
            world.Serve(0);
        }
        if (sweeps)
        {
            Assert.Equal(Status.Ok, world.Invoke(by, badged, (ulong)EndpointOperation.CancelBadgedSends));
        }
        else
        {
            Assert.Equal(Status.Ok, world.Delete(badged));
            Assert.Equal(Status.Ok, world.Delete(endpoint, by: by));
        }
        uint most = uint.Max(world.MostServed, World.Waiting(world.Cpu(1)));
        Assert.InRange(most, 1u, Most);
    }
}
