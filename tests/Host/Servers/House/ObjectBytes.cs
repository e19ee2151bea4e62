using Skerry.Abi;

namespace Skerry.Tests.Host.Servers.House;

/// <summary>How much untyped memory an object takes, near enough.</summary>
internal static class ObjectBytes
{
    private const ulong Slot = 32;
    private const ulong Small = 256;

    public static ulong Of(ObjectType type, int bits, ulong pages) =>
        type switch
        {
            ObjectType.Untyped => 1ul << bits,
            ObjectType.CapTable => Slot << bits,
            ObjectType.Frame => pages * UserLayout.PageSize,
            ObjectType.PageTable or ObjectType.AddressSpace => UserLayout.PageSize,
            ObjectType.Thread => 4 * Small,
            ObjectType.Reply => Small / 2,
            _ => Small,
        };
}
