using System.Collections.Generic;
using System.Linq;

namespace Skerry.Tests.Host.Kernel;

/// <summary>
/// What ran on one scheduling context, as an onlooker writes it down: pieces of time, and how it was configured since when.
/// All in ticks of the clock.
/// </summary>
internal sealed class TimeLedger
{
    private readonly List<(ulong From, ulong To)> _ran = [];
    private readonly List<(ulong Since, ulong Budget, ulong Period)> _configured = [];

    public ulong Total { get; private set; }

    public ulong Budget => _configured.Count == 0 ? 0 : _configured[^1].Budget;

    public void Ran(ulong from, ulong to)
    {
        Total += to - from;
        if (_ran.Count != 0 && _ran[^1].To == from)
        {
            _ran[^1] = (_ran[^1].From, to);
            return;
        }
        _ran.Add((from, to));
    }

    public void Configured(ulong since, ulong budget, ulong period)
    {
        if (_configured.Count == 0 || _configured[^1].Budget != budget || _configured[^1].Period != period)
        {
            _configured.Add((since, budget, period));
        }
    }

    /// <summary>
    /// The first window in which more ran than the most generous configuration of it allows, as text; null: there is none.
    /// Windows are as long as each of the periods, and begin where something ran, or end there.
    /// </summary>
    /// <param name="lateness">How late the end of a budget is seen at most.</param>
    public string? Excess(ulong lateness)
    {
        foreach (ulong length in _configured.Select(c => c.Period).Where(period => period != 0).Distinct())
        {
            foreach (ulong start in _ran.Select(r => r.From).Concat(_ran.Select(r => r.To - length)))
            {
                ulong used = Used(start, start + length);
                ulong? allowed = Allowed(start, start + length, lateness);
                if (used > allowed)
                {
                    return $"{used} of {allowed} in the {length} from {start} on; ran {string.Join(' ', _ran)};"
                        + $" configured {string.Join(' ', _configured)}";
                }
            }
        }
        return null;
    }

    private ulong Used(ulong start, ulong end)
    {
        ulong used = 0;
        foreach ((ulong from, ulong to) in _ran)
        {
            ulong first = from > start ? from : start;
            ulong last = to < end ? to : end;
            used += last > first ? last - first : 0;
        }
        return used;
    }

    /// <returns>Null: no bound, as it had no period for a while.</returns>
    private ulong? Allowed(ulong start, ulong end, ulong lateness)
    {
        ulong most = 0;
        for (int i = 0; i < _configured.Count; i++)
        {
            (ulong since, ulong budget, ulong period) = _configured[i];
            ulong until = i + 1 < _configured.Count ? _configured[i + 1].Since : ulong.MaxValue;
            if (since > end || until < start || budget == 0)
            {
                continue;
            }
            if (period == 0)
            {
                return null;
            }
            ulong rest = (end - start) % period;
            ulong periods = (end - start) / period;
            ulong allowed = periods * budget + (rest < budget ? rest : budget) + (periods + 2) * lateness;
            most = allowed > most ? allowed : most;
        }
        return most;
    }
}
