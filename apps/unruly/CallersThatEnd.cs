using System.Threading;
using Skerry.Apps.Ping;
using Skerry.Base.Kernel;
using Skerry.Base.Sessions;
using Skerry.Base.Startup;

namespace Skerry.Apps.Unruly;

/// <summary>
/// Callers of the odd service that end inside their calls, by each way that there is, and one that is answered all the same.
/// </summary>
internal static unsafe class CallersThatEnd
{
    private const ulong NoSession = 2;
    private const ulong NoThread = 3;
    private const ulong NotAnswered = 4;

    /// <summary>Milliseconds that a call takes which its caller does not see the end of, and after which it ends.</summary>
    private const ulong Long = 60;
    private const ulong Inside = 20;
    private const int Rounds = 3;

    /// <summary>Calls of the one that is answered, and milliseconds between: longer than the others take.</summary>
    private const uint Calls = 40;
    private const ulong Pause = 25;

    private static CapabilitySlot session;

    /// <summary>Threads of it are destroyed inside calls, then one is paused; then it exits with one inside.</summary>
    public static ulong End(in Environment environment)
    {
        if (!TryOpen(in environment))
        {
            return NoSession;
        }
        for (int i = 0; i < Rounds; i++)
        {
            if (!TryCall(in environment, out UserThread thread))
            {
                return NoThread;
            }
            thread.Destroy(in environment);
        }
        if (!TryCall(in environment, out UserThread paused))
        {
            return NoThread;
        }
        paused.Control.Pause();
        Await(in environment, Long);
        return TryCall(in environment, out _) ? ExitValue.Success : NoThread;
    }

    /// <summary>It crashes while a thread of it is inside a call.</summary>
    public static ulong Crash(in Environment environment)
    {
        if (TryOpen(in environment) && TryCall(in environment, out _))
        {
            Volatile.Write(ref *(ulong*)8, 1ul);
        }
        return NoThread;
    }

    /// <summary>Calls the same service, and is answered each time.</summary>
    public static ulong Call(in Environment environment)
    {
        if (!TryOpen(in environment))
        {
            return NoSession;
        }
        for (uint i = 0; i < Calls; i++)
        {
            if (new PingClient(session).Increment(0, out ulong result) != PingResult.Ok || result != 1)
            {
                return NotAnswered;
            }
            Await(in environment, Pause);
        }
        return ExitValue.Success;
    }

    public static void Await(in Environment environment, ulong milliseconds)
    {
        ulong end = SystemCalls.ReadTimeStampCounter() + environment.TscHertz / 1000 * milliseconds;
        while (SystemCalls.ReadTimeStampCounter() < end)
        {
            Processor.Yield();
        }
    }

    private static bool TryOpen(in Environment environment) =>
        environment.OpenSession("Odd"u8, "x"u8, Quota.None, out session) == ParentResult.Ok;

    /// <summary>A thread that calls; comes back when it is inside, as a rule.</summary>
    private static bool TryCall(in Environment environment, out UserThread thread)
    {
        bool started =
            UserThread.Create<Caller>(in environment, "caller"u8, Affinity.Cpu(0), 0, out thread) == ThreadResult.Ok
            && thread.Start() == ThreadResult.Ok;
        Await(in environment, Inside);
        return started;
    }

    private struct Caller : IThreadBody
    {
        public static void Run(ulong argument) => new PingClient(session).Increment(Long, out _);
    }
}
