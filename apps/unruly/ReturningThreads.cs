using System.Threading;
using Skerry.Base.Kernel;
using Skerry.Base.Sessions;
using Skerry.Base.Startup;

namespace Skerry.Apps.Unruly;

/// <summary>
/// Threads that ask for the highest priority and return. Each is waited for by Yield: it has this one's priority, and takes
/// no time once it is done.
/// </summary>
internal static unsafe class ReturningThreads
{
    private const int Rounds = 300;
    private const uint Highest = 63;
    private const ulong StackBytes = 4 * Abi.UserLayout.PageSize;
    private const ulong NoThread = 2;
    private const ulong NotBack = 3;

    private static ulong done;

    /// <summary>Leaves some that are done, and waits for ever.</summary>
    public static ulong Stay(in Environment environment)
    {
        environment.Pd.AllocateNotification(0, out NotificationCapability never);
        if (!Round(in environment, false) || !Round(in environment, false))
        {
            return NoThread;
        }
        never.Wait(out _);
        return NotBack;
    }

    public static ulong Run(in Environment environment)
    {
        // The tables for the stacks' addresses stay.
        if (!Round(in environment, true) || !Round(in environment, true))
        {
            return NoThread;
        }
        environment.Pd.Quota(out QuotaState before);
        for (int i = 1; i < Rounds; i++)
        {
            if (!Round(in environment, true))
            {
                return NoThread;
            }
        }
        environment.Pd.Quota(out QuotaState after);
        bool isBack =
            after.Used.RamBytes == before.Used.RamBytes && after.Used.Capabilities == before.Used.Capabilities;
        return isBack ? ExitValue.Success : NotBack;
    }

    private static bool Round(in Environment environment, bool destroys)
    {
        ulong target = Volatile.Read(ref done) + 1;
        if (!TryStart(in environment, out UserThread thread))
        {
            return false;
        }
        while (Volatile.Read(ref done) != target || !thread.HasFinished)
        {
            Processor.Yield();
        }
        return !destroys || thread.Destroy(in environment) == ThreadResult.Ok;
    }

    private static bool TryStart(in Environment environment, out UserThread thread) =>
        UserThread.Create(in environment, "short"u8, Affinity.Cpu(0), Highest, StackBytes, &Count, 0, out thread)
            == ThreadResult.Ok
        && thread.Start() == ThreadResult.Ok;

    private static void Count(ulong _) => Volatile.Write(ref done, Volatile.Read(ref done) + 1);
}
