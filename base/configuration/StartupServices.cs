using System;

namespace Skerry.Base.Configuration;

/// <summary>
/// Services of which a child has what it gets from its start, by a slot of its own (StartupSlot). No route is asked for
/// them: a second session is its parent's, too, and no child can offer them to another. TOPOLOGY is among them, as it has a
/// slot; nobody serves it yet.
/// </summary>
public static class StartupServices
{
    public static bool Contains(ReadOnlySpan<byte> service) =>
        service.SequenceEqual("LOG"u8)
        || service.SequenceEqual("PD"u8)
        || service.SequenceEqual("CPU"u8)
        || service.SequenceEqual("RM"u8)
        || service.SequenceEqual("TOPOLOGY"u8)
        || service.SequenceEqual("TRACE"u8);
}
