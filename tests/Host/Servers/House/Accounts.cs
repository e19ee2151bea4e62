namespace Skerry.Tests.Host.Servers.House;

/// <summary>All that a server counts. Two of them that are equal mean that nothing was taken or lost in between.</summary>
internal readonly record struct Accounts
{
    public required ulong LimitRam { get; init; }

    public required ulong LimitCapabilities { get; init; }

    public required ulong UsedRam { get; init; }

    public required ulong UsedCapabilities { get; init; }

    /// <summary>The same of all children together.</summary>
    public required ulong ChildrenRam { get; init; }

    public required ulong ChildrenCapabilities { get; init; }

    public required ulong UntypedBytes { get; init; }

    public required uint Slots { get; init; }

    public required int MessageSlots { get; init; }

    public required uint Objects { get; init; }

    /// <summary>In all slabs but those of children and of held callers.</summary>
    public required uint Records { get; init; }

    /// <summary>Callers that are held.</summary>
    public required int Held { get; init; }

    /// <summary>Capabilities that the kernel knows, in the server's table and its children's.</summary>
    public required int Capabilities { get; init; }
}
