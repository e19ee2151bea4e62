namespace Skerry.Base.Servers.Services;

/// <summary>
/// In which order those write whose lines there was no room for: the first that was refused is the first that may. Without
/// it, who asks most often would take all the room. The service lock protects it.
/// </summary>
/// <remarks>A session that does not ask again for a tenth of a second loses its turn, so that nobody waits for one that gave up.</remarks>
public unsafe struct LogTurns
{
    private const ulong TurnsPerSecond = 10;

    private ServiceSession* _first;
    private ServiceSession* _last;

    /// <summary>Whether a session may ask for room now. It calls <see cref="Leave"/> or <see cref="Refused"/> then.</summary>
    /// <param name="session">That asks.</param>
    /// <param name="now">The time-stamp counter.</param>
    /// <param name="hertz">Its speed.</param>
    public bool MayWrite(ServiceSession* session, ulong now, ulong hertz)
    {
        while (_first != null && _first != session && now - _first->AskedAt > hertz / TurnsPerSecond)
        {
            Leave(_first);
        }
        return _first == null || _first == session;
    }

    /// <summary>It has to ask again, and keeps its place until then.</summary>
    public void Refused(ServiceSession* session, ulong now)
    {
        session->AskedAt = now;
        if (session->IsWaiting)
        {
            return;
        }
        session->IsWaiting = true;
        session->NextWaiting = null;
        if (_last == null)
        {
            _first = session;
        }
        else
        {
            _last->NextWaiting = session;
        }
        _last = session;
    }

    /// <summary>Its line was printed, or it is closed.</summary>
    public void Leave(ServiceSession* session)
    {
        if (!session->IsWaiting)
        {
            return;
        }
        ServiceSession* before = null;
        ServiceSession* other = _first;
        while (other != session)
        {
            before = other;
            other = other->NextWaiting;
        }
        if (before == null)
        {
            _first = session->NextWaiting;
        }
        else
        {
            before->NextWaiting = session->NextWaiting;
        }
        _last = _last == session ? before : _last;
        session->IsWaiting = false;
    }
}
