namespace Skerry.Core.Links;

/// <summary>Takes notices to other clusters.</summary>
public interface INoticeCarrier
{
    /// <returns>False if that would mean to wait.</returns>
    bool TrySend(uint cluster, in ChannelNotice notice);
}

/// <summary>Over the links.</summary>
public readonly struct LinkCarrier : INoticeCarrier
{
    public bool TrySend(uint cluster, in ChannelNotice notice) => Links.TrySendNotice(cluster, in notice);
}
