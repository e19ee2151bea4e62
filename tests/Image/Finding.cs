namespace Skerry.Tests.Image;

/// <summary>Something an image must not have.</summary>
/// <param name="Place">Routine, segment or symbol.</param>
/// <param name="Address">Where; 0 if it is no address.</param>
/// <param name="Reason">What is wrong.</param>
internal sealed record Finding(string Place, ulong Address, string Reason)
{
    public override string ToString() => $"{Place} at {Address:x}: {Reason}";
}
