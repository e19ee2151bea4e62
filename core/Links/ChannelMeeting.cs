namespace Skerry.Core.Links;

/// <summary>
/// Where the two ends of a channel find each other: the root keeps what each end's cluster has told, and passes it to
/// the other's as soon as it knows where that is. So no cluster has to know where components of others are placed.
/// </summary>
/// <remarks>The lock of the broker that it belongs to protects it.</remarks>
internal readonly unsafe struct ChannelMeeting(ChannelMeeting.Place* places, uint channels)
{
    /// <summary>What an end's cluster said last.</summary>
    internal struct Place
    {
        public ChannelNotice Notice;
        public bool IsDue;
    }

    /// <summary>Takes a notice in; one that comes from elsewhere than it says is ignored.</summary>
    public void Accept(uint from, in ChannelNotice notice)
    {
        if (notice.Channel >= channels || notice.Side >= ChannelEndId.Sides || notice.Cluster != from)
        {
            return;
        }
        Place* place = places + notice.End.Index;
        place->Notice = notice;
        place->IsDue = notice.Kind != ChannelNoticeKind.None;
    }

    /// <summary>A notice that can be passed on, and where to; false if there is none from <paramref name="index"/> on.</summary>
    /// <param name="index">Where to begin, then the end found.</param>
    /// <param name="cluster">Of the other end.</param>
    /// <param name="notice">What to tell it.</param>
    public bool TryFindDue(ref uint index, out uint cluster, out ChannelNotice notice)
    {
        for (; index < channels * ChannelEndId.Sides; index++)
        {
            Place* other = places + (index ^ 1);
            if (places[index].IsDue && other->Notice.Kind != ChannelNoticeKind.None)
            {
                cluster = other->Notice.Cluster;
                notice = places[index].Notice;
                return true;
            }
        }
        cluster = 0;
        notice = default;
        return false;
    }

    public void Told(uint index) => places[index].IsDue = false;
}
