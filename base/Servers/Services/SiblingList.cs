using Skerry.Base.Servers.Components;

namespace Skerry.Base.Servers.Services;

/// <summary>A server's sessions between children, the oldest first. The service lock is held.</summary>
internal static unsafe class SiblingList
{
    public static void Append(Server* server, SiblingSession* session)
    {
        SiblingSession** link = &server->Siblings;
        while (*link != null)
        {
            link = &(*link)->Next;
        }
        session->Next = null;
        *link = session;
    }

    public static void Unlink(Server* server, SiblingSession* session)
    {
        SiblingSession** link = &server->Siblings;
        while (*link != session)
        {
            link = &(*link)->Next;
        }
        *link = session->Next;
    }

    /// <returns>The oldest that the child is to open or close and has not taken; null if there is none.</returns>
    public static SiblingSession* NextFor(Server* server, Child* provider)
    {
        SiblingSession* session = server->Siblings;
        while (
            session != null
            && (session->Provider != provider || session->State is not (SiblingState.Asked or SiblingState.Closing))
        )
        {
            session = session->Next;
        }
        return session;
    }
}
