namespace Skerry.Kernel.Ipc;

/// <summary>Numbers of endpoint groups. Never used twice, so that none outlives what it stood for.</summary>
internal static class EndpointGroups
{
    private static ulong last;

    /// <summary>Under the cluster lock.</summary>
    public static ulong New() => ++last;
}
