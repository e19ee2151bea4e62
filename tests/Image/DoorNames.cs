using System.Collections.Generic;
using System.Linq;

namespace Skerry.Tests.Image;

/// <summary>The kernel's doors stand in its image several times; every check holds for each (boot/stubs/Kernel/DoorVariant).</summary>
internal static class DoorNames
{
    private static readonly string[] _suffixes = ["", "WithoutAvx"];

    public static IEnumerable<string> Of(params string[] doors) =>
        from door in doors
        from suffix in _suffixes
        select door + suffix;

    public static HashSet<string> With(IEnumerable<string> names, params string[] doors) => [.. names, .. Of(doors)];

    /// <summary>Where a call or an answer by the fastpath does not go: other system calls, and the slow path.</summary>
    public static IReadOnlySet<string> BesideMessages { get; } =
        With(
            [
                "FastpathReplyMapRecv",
                "FastpathCallLong",
                "FastpathReplyRecvLong",
                "FastpathMap",
                "FastpathSignal",
                "FastpathWait",
                "FastpathPoll",
                "FastpathNBSend",
                "SystemCallSlow",
            ],
            "Resume",
            "SwitchAndResume"
        );
}
