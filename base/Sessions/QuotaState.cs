namespace Skerry.Base.Sessions;

/// <summary>What a PD's account holds and how much of it is in use.</summary>
public readonly struct QuotaState(Quota limit, Quota used)
{
    public Quota Limit { get; } = limit;

    public Quota Used { get; } = used;
}
