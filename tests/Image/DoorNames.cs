using System.Collections.Generic;
using System.Linq;

namespace Skerry.Tests.Image;

/// <summary>The kernel's doors stand in its image several times; every check holds for each (boot/stubs/Kernel/DoorVariant).</summary>
internal static class DoorNames
{
    private static readonly string[] _plain = ["", "WithoutAvx"];
    private static readonly string[] _traced = ["Traced", "WithoutAvxTraced"];

    public static IEnumerable<string> Of(params string[] doors) => Plain(doors).Concat(Traced(doors));

    /// <summary>Those that are used while nothing is traced.</summary>
    public static IEnumerable<string> Plain(params string[] doors) => Each(doors, _plain);

    public static IEnumerable<string> Traced(params string[] doors) => Each(doors, _traced);

    public static HashSet<string> With(IEnumerable<string> names, params string[] doors) => [.. names, .. Of(doors)];

    /// <summary>Where a call or an answer by the fastpath does not go: other system calls, and the slow path.</summary>
    public static IReadOnlySet<string> BesideMessages { get; } =
        With(
            [
                "FastpathReplyMapRecv",
                "FastpathCallLong",
                "FastpathReplyRecvLong",
                "FastpathMap",
                "FastpathTable",
                "FastpathSignal",
                "FastpathWait",
                "FastpathPoll",
                "FastpathNBSend",
                "SystemCallSlow",
            ],
            "Resume",
            "SwitchAndResume"
        );

    private static IEnumerable<string> Each(string[] doors, string[] suffixes) =>
        from door in doors
        from suffix in suffixes
        select door + suffix;
}
