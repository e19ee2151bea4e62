using Skerry.Base.Servers.Objects;

namespace Skerry.Base.Servers.Services;

/// <summary>
/// In which order those write whose lines there was no room for: the first that was refused is the first that may. Without
/// it, who asks most often would take all the room. The service lock protects it.
/// </summary>
/// <remarks>
/// A turn is a protection domain's, however many sessions it has. One that does not ask again for a tenth of a second loses
/// it, so that nobody waits for one that gave up.
/// </remarks>
public unsafe struct LogTurns
{
    private const ulong TurnsPerSecond = 10;

    private ProtectionDomain* _first;
    private ProtectionDomain* _last;

    /// <summary>Whether a domain may ask for room now. It calls <see cref="Leave"/> or <see cref="Refused"/> then.</summary>
    /// <param name="domain">That asks.</param>
    /// <param name="now">The time-stamp counter.</param>
    /// <param name="hertz">Its speed.</param>
    public bool MayWrite(ProtectionDomain* domain, ulong now, ulong hertz)
    {
        while (_first != null && _first != domain && now - _first->AskedAt > hertz / TurnsPerSecond)
        {
            Leave(_first);
        }
        return _first == null || _first == domain;
    }

    /// <summary>It has to ask again, and keeps its place until then.</summary>
    public void Refused(ProtectionDomain* domain, ulong now)
    {
        domain->AskedAt = now;
        if (domain->IsWaiting)
        {
            return;
        }
        domain->IsWaiting = true;
        domain->NextWaiting = null;
        if (_last == null)
        {
            _first = domain;
        }
        else
        {
            _last->NextWaiting = domain;
        }
        _last = domain;
    }

    /// <summary>Its line was printed, or it ends.</summary>
    public void Leave(ProtectionDomain* domain)
    {
        if (!domain->IsWaiting)
        {
            return;
        }
        ProtectionDomain* before = null;
        ProtectionDomain* other = _first;
        while (other != domain)
        {
            before = other;
            other = other->NextWaiting;
        }
        if (before == null)
        {
            _first = domain->NextWaiting;
        }
        else
        {
            before->NextWaiting = domain->NextWaiting;
        }
        _last = _last == domain ? before : _last;
        domain->IsWaiting = false;
    }
}
