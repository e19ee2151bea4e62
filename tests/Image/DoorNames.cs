using System.Collections.Generic;
using System.Linq;
using Skerry.Kernel.Layout;

namespace Skerry.Tests.Image;

/// <summary>The kernel's doors stand in its image several times; every check holds for each (kernel/Entry/DoorVariant).</summary>
internal static class DoorNames
{
    private static readonly string[] _plain = ["", "WithoutAvx"];
    private static readonly string[] _plainTraced = ["Traced", "WithoutAvxTraced"];
    private static readonly string[] _mitigated = ["Mitigated", "WithoutAvxMitigated"];
    private static readonly string[] _mitigatedTraced = ["MitigatedTraced", "WithoutAvxMitigatedTraced"];

    public static IEnumerable<string> Of(params string[] doors) => Unmitigated(doors).Concat(Mitigated(doors));

    /// <summary>Those that are used while nothing is traced, for mitigations=off.</summary>
    public static IEnumerable<string> Plain(params string[] doors) => Each(doors, _plain);

    public static IEnumerable<string> Untraced(params string[] doors) => Each(doors, [.. _plain, .. _mitigated]);

    public static IEnumerable<string> Traced(params string[] doors) =>
        Each(doors, [.. _plainTraced, .. _mitigatedTraced]);

    /// <summary>Of the sets for mitigations=off.</summary>
    public static IEnumerable<string> Unmitigated(params string[] doors) => Each(doors, [.. _plain, .. _plainTraced]);

    /// <summary>Of the sets for mitigations=on.</summary>
    public static IEnumerable<string> Mitigated(params string[] doors) =>
        Each(doors, [.. _mitigated, .. _mitigatedTraced]);

    /// <summary>Where the processor enters: system calls and the 256 vectors.</summary>
    public static string[] Entries { get; } =
    [.. Enumerable.Range(0, 256).Select(vector => $"Vector{vector}"), "SystemCallEntry", "SystemCallEntryDebugged"];

    public static HashSet<string> With(IEnumerable<string> names, params string[] doors) => [.. names, .. Of(doors)];

    /// <summary>Where a call or an answer by the fastpath does not go: other system calls, and the slow path.</summary>
    public static IReadOnlySet<string> BesideMessages { get; } =
        With(
            [
                EntryPoints.ReplyMappingMapOne,
                EntryPoints.LongMessagesCall,
                EntryPoints.LongMessagesReplyRecv,
                EntryPoints.FastMapMap,
                EntryPoints.FastTableTryCopy,
                EntryPoints.FastTableTryDelete,
                EntryPoints.FastTableTryRevoke,
                EntryPoints.FastRetypeOne,
                EntryPoints.ActiveServersCall,
                EntryPoints.ActiveServersReplyRecv,
                EntryPoints.FastAnswersAnswerFault,
                EntryPoints.FastWakesSignalBetter,
                EntryPoints.FastSignalsSignal,
                EntryPoints.FastSignalsWait,
                EntryPoints.FastSignalsPoll,
                EntryPoints.FastSignalsNBSend,
                EntryPoints.CrossCallsCall,
                EntryPoints.CrossCallsReplyRecv,
                EntryPoints.SystemCallsEnter,
            ],
            "Resume",
            "SwitchAndResume"
        );

    private static IEnumerable<string> Each(string[] doors, string[] suffixes) =>
        from door in doors
        from suffix in suffixes
        select door + suffix;
}
