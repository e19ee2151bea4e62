using Skerry.Base.Memory;

namespace Skerry.Base.RegionMaps;

/// <summary>
/// The region maps of a server in which somebody waits for the handler, or has waited when nobody had looked yet: for whoever looks
/// whether the handlers are still there.
/// </summary>
internal unsafe struct FaultedMaps
{
    /// <summary>Protects the list; taken inside that of a map's faults.</summary>
    private ExclusiveLock _lock;
    private RegionMap* _first;
    private RegionMap* _last;

    /// <summary>How many there are; by now it may be others.</summary>
    public uint Count { get; private set; }

    /// <summary>The lock of the map's faults is held, and it is not in the list.</summary>
    public void Add(RegionMap* map)
    {
        map->IsFaulted = true;
        _lock.Acquire();
        Append(map);
        _lock.Release();
    }

    /// <summary>The same lock is held, and it is in the list.</summary>
    public void Remove(RegionMap* map)
    {
        map->IsFaulted = false;
        _lock.Acquire();
        Unlink(map);
        _lock.Release();
    }

    /// <summary>Each in turn. For who is alone, so that the map stays.</summary>
    /// <returns>Null if there is none.</returns>
    public RegionMap* Next()
    {
        _lock.Acquire();
        RegionMap* map = _first;
        if (map != null)
        {
            Unlink(map);
            Append(map);
        }
        _lock.Release();
        return map;
    }

    private void Append(RegionMap* map)
    {
        map->NextFaulted = null;
        map->PreviousFaulted = _last;
        if (_last != null)
        {
            _last->NextFaulted = map;
        }
        else
        {
            _first = map;
        }
        _last = map;
        Count++;
    }

    private void Unlink(RegionMap* map)
    {
        if (map->NextFaulted != null)
        {
            map->NextFaulted->PreviousFaulted = map->PreviousFaulted;
        }
        else
        {
            _last = map->PreviousFaulted;
        }
        if (map->PreviousFaulted != null)
        {
            map->PreviousFaulted->NextFaulted = map->NextFaulted;
        }
        else
        {
            _first = map->NextFaulted;
        }
        Count--;
    }
}
