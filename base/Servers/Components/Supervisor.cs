using Skerry.Base.Configuration;
using Skerry.Base.Servers.Services;

namespace Skerry.Base.Servers.Components;

/// <summary>What a server's main thread does between signals: it sees to the ends of children.</summary>
public static unsafe class Supervisor
{
    /// <summary>A child that has ended and that nobody was told about; null if there is none.</summary>
    public static Child* NextEnded(Server* server)
    {
        for (Child* child = server->Children; child != null; child = child->Next)
        {
            if (child->State is (ChildState.Exited or ChildState.Crashed) && !child->Reported)
            {
                return child;
            }
        }
        return null;
    }

    /// <summary>Every essential child has exited by itself with the value 0.</summary>
    public static bool AllEssentialSucceeded(Server* server)
    {
        for (Child* child = server->Children; child != null; child = child->Next)
        {
            bool essential = (child->Record.Flags & ChildFlags.Essential) != 0;
            if (essential && (!child->Reported || child->ExitValue != 0))
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>All children have been started: who waits for a service of one that is not here is refused.</summary>
    public static void AllStarted(Server* server)
    {
        server->ServiceLock.Acquire();
        server->AllStarted = true;
        SiblingSessions.AdvanceAll(server);
        server->ServiceLock.Release();
    }
}
