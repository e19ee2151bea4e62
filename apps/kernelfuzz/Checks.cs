using Skerry.Abi;
using Skerry.Apps.KernelTests;
using Skerry.Base.Kernel;

namespace Skerry.Apps.KernelFuzz;

/// <summary>The checked kernel's check of all its objects, asked for by CpuControl of CPU 0.</summary>
internal static class Checks
{
    public static ulong Made;

    /// <summary>Capabilities at the last check.</summary>
    public static ulong Capabilities;

    /// <summary>The most objects that a check has seen.</summary>
    public static ulong MostObjects;

    /// <summary>Ends the run if a rule does not hold. A kernel without the check is taken as it is.</summary>
    public static void Make()
    {
        SystemCallFrame frame = Ask(CheckingOperation.Check, 0);
        if ((Status)frame.Number != Status.Ok)
        {
            return;
        }
        if (frame.Word0 != (ulong)CheckedRule.None)
        {
            Reports.Broken(frame.Word0, frame.Word1);
            Console.End(ExitCode.TestFailure);
        }
        Made++;
        Capabilities = frame.Word2;
        MostObjects = frame.Word3 > MostObjects ? frame.Word3 : MostObjects;
    }

    public static bool Damage(ulong damage) => (Status)Ask(CheckingOperation.Damage, damage).Number == Status.Ok;

    private static SystemCallFrame Ask(CheckingOperation operation, ulong word)
    {
        ulong info = MessageInfo.Of((ulong)operation, MessageLimits.RegisterWords).Value;
        SystemCallFrame frame = Traps.Frame(SystemCall.Invoke, (ulong)InitialSlot.FirstCpuControl, info, word);
        SystemCalls.Trap(ref frame);
        return frame;
    }
}
