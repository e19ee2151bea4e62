using Skerry.Abi;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>Revoke by the fast way: what it takes is the same, and the rest it leaves to the slow one.</summary>
public sealed class FastRevokeTests
{
    private const string Nothing = "nothing";
    private const string Copy = "a copy";
    private const string Frame = "a frame that maps nothing";
    private const string TwoCopies = "two copies";
    private const string CopyOfCopy = "a copy of a copy";
    private const string Object = "an object";

    public static TheoryData<string, bool> Derived =>
        new()
        {
            { Nothing, true },
            { Copy, true },
            { Frame, true },
            { TwoCopies, false },
            { CopyOfCopy, false },
            { Object, false },
        };

    [Theory]
    [MemberData(nameof(Derived))]
    public void OneCapabilityAtMostGoes(string derived, bool isFast)
    {
        byte[] slow = Revoked(derived, fastpath: false, out int none);
        byte[] fast = Revoked(derived, fastpath: true, out int taken);
        Assert.Equal((0, isFast ? 1 : 0), (none, taken));
        Assert.Null(Snapshot.FirstDifference(slow, fast));
    }

    private static byte[] Revoked(string derived, bool fastpath, out int taken)
    {
        var world = new World(2) { UseFastpath = false };
        uint revoked = Make(world, derived);
        world.UseFastpath = fastpath;
        int before = world.FastCalls;
        Assert.Equal(Status.Ok, world.Revoke(revoked));
        taken = world.FastCalls - before;
        Assert.Empty(Invariants.Broken(world));
        return Snapshot.Take();
    }

    /// <returns>The slot whose children are to go.</returns>
    private static uint Make(World world, string derived)
    {
        bool isMemory = derived is Frame or Object;
        uint revoked = isMemory ? world.Make(ObjectType.Untyped, sizeBits: 14) : world.Make(ObjectType.Endpoint);
        uint child = world.NewSlot();
        uint other = world.NewSlot();
        if (isMemory)
        {
            ObjectType type = derived == Frame ? ObjectType.Frame : ObjectType.Endpoint;
            Assert.Equal(Status.Ok, world.Retype(revoked, type, child));
        }
        else if (derived != Nothing)
        {
            Assert.Equal(Status.Ok, world.Copy(child, revoked));
        }
        if (derived is TwoCopies or CopyOfCopy)
        {
            Assert.Equal(Status.Ok, world.Copy(other, derived == TwoCopies ? revoked : child));
        }
        return revoked;
    }
}
