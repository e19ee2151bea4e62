using Skerry.Base.Memory;
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

    /// <summary>
    /// What earlier instances of a client had open, and their providers have not let go of. It counts as the next one's, so
    /// that instances that leave something behind have together no more than one could have.
    /// </summary>
    public static LeftSessions LeftBy(Server* server, Child* client)
    {
        LeftSessions left = default;
        for (SiblingSession* session = server->Siblings; session != null; session = session->Next)
        {
            if (session->LeftBy == client)
            {
                left.Count++;
                left.Donated += session->Donation;
            }
        }
        return left;
    }

    /// <summary>What clients have donated for sessions that a child serves, and is in its account.</summary>
    public static Resources GivenTo(Server* server, Child* provider)
    {
        Resources given = default;
        for (SiblingSession* session = server->Siblings; session != null; session = session->Next)
        {
            if (session->Provider == provider && !session->IsRefusable)
            {
                given += session->Donation;
            }
        }
        return given;
    }

    /// <summary>There is no next instance of this client: what it has left is nobody's any more.</summary>
    public static void ForgetLeft(Server* server, Child* client)
    {
        for (SiblingSession* session = server->Siblings; session != null; session = session->Next)
        {
            if (session->LeftBy == client)
            {
                session->LeftBy = null;
            }
        }
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
