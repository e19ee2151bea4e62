using Skerry.Abi;
using Skerry.Kernel.Machine;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>Port ranges: each access stays inside, and so does what is derived.</summary>
public sealed unsafe class IoPortsTests
{
    private readonly World _world = new(1);

    public IoPortsTests() => _world.Operate(0);

    private Status Access(IoPortsOperation operation, ulong port, uint slot = World.Ports, ulong value = 0) =>
        _world.Invoke(0, slot, (ulong)operation, port, value);

    [Theory]
    [InlineData(IoPortsOperation.In8, 0x3ff, 0xa5)]
    [InlineData(IoPortsOperation.In16, 0x3fe, 0x59a4)]
    [InlineData(IoPortsOperation.In32, 0x3fc, 0x5a5a_59a6)]
    public void TheLastPortsCanBeRead(IoPortsOperation operation, ulong port, ulong expected)
    {
        Assert.Equal(Status.Ok, Access(operation, port));
        Assert.Equal(expected, _world.Operator(0)->Word0);
        Assert.Equal(Status.InvalidArgument, Access(operation, port + 1));
    }

    [Fact]
    public void SixteenBitsAreWritten()
    {
        Assert.Equal(Status.Ok, Access(IoPortsOperation.Out16, 0x3f8, value: 0xabcd_1234));
        Assert.Equal(0x3f8ul << 32 | 0x1234, Hardware.LastPortWrite);
    }

    [Fact]
    public void APartIsAChildAndCanBeParted()
    {
        const uint part = 100;
        const uint smaller = 101;
        ulong derive = (ulong)IoPortsOperation.Derive;
        Assert.Equal(Status.Ok, _world.Invoke(0, World.Ports, derive, World.Pack(0, part), 0x3f9, 4));
        Assert.Equal(Status.Ok, _world.Invoke(0, part, derive, World.Pack(0, smaller), 0x3fc, 1));
        Assert.Equal(Status.Ok, Access(IoPortsOperation.In8, 0x3fc, smaller));
        Assert.Equal(Status.InvalidArgument, Access(IoPortsOperation.In8, 0x3fb, smaller));
        Assert.Equal(Status.InvalidArgument, _world.Invoke(0, part, derive, World.Pack(0, 102), 0x3fc, 2));
        Assert.Empty(Invariants.Broken(_world));
        Assert.Equal(Status.Ok, _world.Revoke(World.Ports));
        Assert.True(_world.Slot(part)->IsEmpty && _world.Slot(smaller)->IsEmpty);
    }
}
