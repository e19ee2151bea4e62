using Skerry.Abi;

namespace Skerry.Tests.Host.Servers.House;

/// <summary>A fault that the pager is told of.</summary>
/// <param name="Domain">The badge that it comes with.</param>
/// <param name="Label">Its kind.</param>
/// <param name="Address">Where nothing is, of a page fault.</param>
/// <param name="Thread">The cookie of who has faulted.</param>
/// <param name="Access">What was tried, of a page fault.</param>
internal readonly record struct PlayedFault(
    ulong Domain,
    FaultLabel Label,
    ulong Address,
    ulong Thread,
    FaultAccess Access = FaultAccess.User
);
