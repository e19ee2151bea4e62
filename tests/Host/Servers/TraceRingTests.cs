using Skerry.Base.Kernel;
using Skerry.Base.Sessions;
using Skerry.Tests.Host.Servers.House;
using Xunit;

namespace Skerry.Tests.Host.Servers;

/// <summary>The kernel writes a trace where a child says: only to memory that this one may write itself.</summary>
[Collection("CapabilitySlots")]
public sealed class TraceRingTests
{
    private const int C = ServerHouse.Client;

    [Theory]
    [InlineData(false, TraceResult.Ok)]
    [InlineData(true, TraceResult.InvalidDataspace)]
    public void ASealedDataspaceIsNoRing(bool isSealed, TraceResult expected)
    {
        using var house = new ServerHouse();
        ChildTransport.House = house;
        Assert.True(house.TryStart(C));
        AllocationResult made = Course
            .Pd(C)
            .AllocateRam(4096, default, CacheAttribute.WriteBack, out DataspaceCapability ring);
        Assert.Equal(AllocationResult.Ok, made);
        if (isSealed)
        {
            Assert.Equal(DataspaceResult.Ok, Course.Pd(C).Seal(ring));
        }
        Assert.Equal(expected, Course.Trace(C).Start(0, ring));
    }
}
