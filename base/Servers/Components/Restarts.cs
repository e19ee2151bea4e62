using System.Numerics;
using Skerry.Base.Configuration;
using Skerry.Base.Servers.Objects;
using Skerry.Base.Servers.Services;
using Skerry.Base.Startup;

namespace Skerry.Base.Servers.Components;

/// <summary>
/// Which children are started again after their ends, and when. Whoever waits for a service of one goes on waiting. The
/// supervisor alone changes what is said here of a child.
/// </summary>
public static unsafe class Restarts
{
    /// <summary>The first so many of a child are told, and those whose number is a power of two, and the last.</summary>
    private const uint AllToldUpTo = 8;

    /// <summary>Whether the child has ended, and in a way that it is started again after, as often as that is left.</summary>
    public static bool AreDue(Child* child) =>
        child->Restarts < child->Record.Restarts
        && child->State switch
        {
            ChildState.Crashed => true,
            ChildState.Exited => Includes(child->Record.RestartCause, child->ExitValue),
            _ => false,
        };

    /// <summary>Whether the child does not run, and will.</summary>
    public static bool StartsAgain(Child* child) => child->State == ChildState.AwaitsStart || AreDue(child);

    /// <summary>Whether the console is told of a start of the child, and of the end before it.</summary>
    /// <param name="child">The child.</param>
    /// <param name="number">Of the start; the first is none, so it counts from 1.</param>
    public static bool IsTold(Child* child, uint number) =>
        number <= AllToldUpTo || BitOperations.IsPow2(number) || number == child->Record.Restarts;

    /// <summary>All that the child had has been taken back: it has its turn among those that run.</summary>
    public static void Await(Server* server, Child* child) => child->WaitsSince = server->Starts++;

    /// <summary>
    /// The child that is to be started now, once for each turn: the one of the highest priority that waits, of these the one
    /// that has waited longest.
    /// </summary>
    /// <returns>Null if none waits, or it is not its turn.</returns>
    public static Child* Next(Server* server)
    {
        server->ServiceLock.Acquire();
        Child* next = Foremost(server, null);
        Child* second = next == null ? null : Foremost(server, next);
        server->ServiceLock.Release();
        if (next == null)
        {
            return null;
        }
        server->Starter.Ask(server, PriorityOf(next));
        if (!server->Starter.TryTake())
        {
            return null;
        }
        if (second != null)
        {
            server->Starter.Ask(server, PriorityOf(second));
        }
        next->Restarts++;
        next->ExitValue = 0;
        next->Crash = default;
        return next;
    }

    /// <summary>The child could not be started again: nobody waits for it any more. Nothing to do for null.</summary>
    public static void GiveUp(Server* server, Child* child)
    {
        if (child == null)
        {
            return;
        }
        server->ServiceLock.Acquire();
        child->State = ChildState.Destroyed;
        child->Reported = true;
        server->Untyped.GiveUp(&child->Kept);
        SiblingList.ForgetLeft(server, child);
        SiblingSessions.AdvanceAll(server);
        server->ServiceLock.Release();
    }

    private static Child* Foremost(Server* server, Child* but)
    {
        Child* foremost = null;
        for (Child* child = server->Children; child != null; child = child->Next)
        {
            bool waits = child->State == ChildState.AwaitsStart && child != but;
            if (waits && GoesBefore(child, foremost))
            {
                foremost = child;
            }
        }
        return foremost;
    }

    private static bool GoesBefore(Child* child, Child* other)
    {
        if (other == null || PriorityOf(child) != PriorityOf(other))
        {
            return other == null || PriorityOf(child) > PriorityOf(other);
        }
        // The counter may have gone round between them.
        return (int)(child->WaitsSince - other->WaitsSince) < 0;
    }

    private static uint PriorityOf(Child* child) => ThreadObjects.Scaled(child->Record.Priority);

    private static bool Includes(RestartCause cause, ulong exitValue) =>
        cause switch
        {
            RestartCause.Crash => !FailureNames.OfExit(exitValue).IsEmpty,
            RestartCause.Failure => exitValue != ExitValue.Success,
            _ => true,
        };
}
